/// Walks over an object along its schema: defaults, unknown fields, canonical form, and every kind of validation.
package io.navarch.schema.walk;
