/// RoleBinding; its rules are those of [io.navarch.kinds.role].
@NullMarked
package io.navarch.kinds.rolebinding;

import org.jspecify.annotations.NullMarked;
