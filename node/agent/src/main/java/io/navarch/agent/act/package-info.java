/// Carrying out what was decided: runtime calls, hooks, probes, reports.
///
/// Start with [io.navarch.agent.act.PodWorker], the loop of one pod.
@NullMarked
package io.navarch.agent.act;

import org.jspecify.annotations.NullMarked;
