/// ReplicaSets: definition and rules.
@NullMarked
package io.navarch.kinds.replicaset;

import org.jspecify.annotations.NullMarked;
