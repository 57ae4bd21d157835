/// ClusterRole; its rules are those of [io.navarch.kinds.role].
@NullMarked
package io.navarch.kinds.clusterrole;

import org.jspecify.annotations.NullMarked;
