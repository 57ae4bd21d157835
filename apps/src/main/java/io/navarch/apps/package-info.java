/// Wiring: which parts a process is made of. Nothing here decides anything about Kubernetes.
///
/// Start with [io.navarch.apps.Main], then [io.navarch.apps.ControlPlane] and [io.navarch.apps.NodeRole].
@NullMarked
package io.navarch.apps;

import org.jspecify.annotations.NullMarked;
