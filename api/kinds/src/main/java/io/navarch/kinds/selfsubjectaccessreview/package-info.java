/// SelfSubjectAccessReview: a question about one's own access; answered, never stored.
@NullMarked
package io.navarch.kinds.selfsubjectaccessreview;

import org.jspecify.annotations.NullMarked;
