/// SubjectAccessReview: a question about somebody's access; answered, never stored.
@NullMarked
package io.navarch.kinds.subjectaccessreview;

import org.jspecify.annotations.NullMarked;
