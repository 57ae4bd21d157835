/// ReplicaSets keep a number of pods.
@NullMarked
package io.navarch.controllers.replicaset;

import org.jspecify.annotations.NullMarked;
