/// ReplicaSets keep a number of pods.
package io.navarch.controllers.replicaset;
