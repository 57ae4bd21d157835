/// LocalSubjectAccessReview: a question about access to a namespace; answered, never stored.
@NullMarked
package io.navarch.kinds.localsubjectaccessreview;

import org.jspecify.annotations.NullMarked;
