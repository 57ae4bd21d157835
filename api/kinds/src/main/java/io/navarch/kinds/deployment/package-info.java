/// Deployments, and in [io.navarch.kinds.deployment.WorkloadRules] what all kinds share that keep a number of equal
/// pods.
@NullMarked
package io.navarch.kinds.deployment;

import org.jspecify.annotations.NullMarked;
