/// The Pod Security Standards: their checks, and the admission that holds pods to them.
@NullMarked
package io.navarch.kinds.podsecurity;

import org.jspecify.annotations.NullMarked;
