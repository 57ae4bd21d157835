/// The roles and bindings that every cluster has.
@NullMarked
package io.navarch.kinds.rbac;

import org.jspecify.annotations.NullMarked;
