/// Secret, and the types that promise certain keys.
@NullMarked
package io.navarch.kinds.secret;

import org.jspecify.annotations.NullMarked;
