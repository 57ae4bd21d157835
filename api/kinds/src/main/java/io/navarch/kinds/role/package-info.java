/// Role, and the rules that all four kinds of role-based access control share.
@NullMarked
package io.navarch.kinds.role;

import org.jspecify.annotations.NullMarked;
