/// The types of values: [io.navarch.schema.types.Schema], and how one is read from a CustomResourceDefinition.
package io.navarch.schema.types;
