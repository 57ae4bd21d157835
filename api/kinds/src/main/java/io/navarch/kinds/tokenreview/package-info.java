/// TokenReview: the question whose token it is; answered, never stored.
@NullMarked
package io.navarch.kinds.tokenreview;

import org.jspecify.annotations.NullMarked;
