/// The control loops of kube-controller-manager, one package each: what is seen in, actions out.
///
/// Controllers do not know each other; they meet through the API. Start with
/// [io.navarch.controllers.replicaset.ReplicaSetController], the simplest of the workload controllers.
@NullMarked
package io.navarch.controllers;

import org.jspecify.annotations.NullMarked;
