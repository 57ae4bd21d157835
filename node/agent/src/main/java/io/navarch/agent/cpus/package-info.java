/// Processors that containers have for themselves.
///
/// Start with [io.navarch.agent.cpus.CpuPolicy]; [io.navarch.agent.cpus.ExclusiveCpus] keeps what it decides.
@NullMarked
package io.navarch.agent.cpus;

import org.jspecify.annotations.NullMarked;
