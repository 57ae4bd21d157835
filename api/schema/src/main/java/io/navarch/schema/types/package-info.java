/// The types of values: [io.navarch.schema.types.Schema], and how one is read from a CustomResourceDefinition.
@NullMarked
package io.navarch.schema.types;

import org.jspecify.annotations.NullMarked;
