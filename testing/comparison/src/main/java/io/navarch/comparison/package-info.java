/// Compares Navarch with the original: the same calls to both, and what differs in their answers.
///
/// Start with [io.navarch.comparison.Run].
@NullMarked
package io.navarch.comparison;

import org.jspecify.annotations.NullMarked;
