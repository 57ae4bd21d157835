/// ClusterRoleBinding; its rules are those of [io.navarch.kinds.role].
@NullMarked
package io.navarch.kinds.clusterrolebinding;

import org.jspecify.annotations.NullMarked;
