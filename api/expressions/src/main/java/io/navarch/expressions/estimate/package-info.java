/// What expressions could cost at most, before they are ever evaluated. Sizes that nobody limits are taken for
/// endless.
@NullMarked
package io.navarch.expressions.estimate;

import org.jspecify.annotations.NullMarked;
