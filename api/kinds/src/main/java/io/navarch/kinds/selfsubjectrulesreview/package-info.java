/// SelfSubjectRulesReview: the question what one may do; answered, never stored.
@NullMarked
package io.navarch.kinds.selfsubjectrulesreview;

import org.jspecify.annotations.NullMarked;
