/// Deployments keep ReplicaSets: rolling updates, history, pause, progress.
package io.navarch.controllers.deployment;
