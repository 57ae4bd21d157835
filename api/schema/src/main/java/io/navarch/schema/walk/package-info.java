/// Walks over an object along its schema: defaults, unknown fields, canonical form, and every kind of validation.
@NullMarked
package io.navarch.schema.walk;

import org.jspecify.annotations.NullMarked;
