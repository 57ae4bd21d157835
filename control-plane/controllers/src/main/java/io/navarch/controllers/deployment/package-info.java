/// Deployments keep ReplicaSets: rolling updates, history, pause, progress.
///
/// [io.navarch.controllers.deployment.Rollout] moves pods from old sets to the new one, within what
/// [io.navarch.controllers.deployment.Strategy] allows.
@NullMarked
package io.navarch.controllers.deployment;

import org.jspecify.annotations.NullMarked;
