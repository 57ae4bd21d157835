/// SelfSubjectReview: the question who one is; answered, never stored.
@NullMarked
package io.navarch.kinds.selfsubjectreview;

import org.jspecify.annotations.NullMarked;
