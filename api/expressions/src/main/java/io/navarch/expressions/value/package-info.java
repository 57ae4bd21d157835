/// The values that expressions come to. Flags, whole numbers, doubles, texts, lists and maps are Java's own;
/// objects are trees as they are stored. What Java has no type for is here, and how values are compared,
/// ordered and shown.
@NullMarked
package io.navarch.expressions.value;

import org.jspecify.annotations.NullMarked;
