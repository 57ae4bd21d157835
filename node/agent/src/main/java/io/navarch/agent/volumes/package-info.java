/// What a pod has on the node's disk: volumes, hosts file, termination messages, logs, cgroups.
///
/// Start with [io.navarch.agent.volumes.PodFiles], the port, and its adapter [io.navarch.agent.volumes.DiskFiles].
@NullMarked
package io.navarch.agent.volumes;

import org.jspecify.annotations.NullMarked;
