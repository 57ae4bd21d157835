/// What the agent decides: pure functions from a pod, what the runtime has of it, and the time.
///
/// Start with [io.navarch.agent.decide.PodDecision] (a pod that lives), [io.navarch.agent.decide.PodTermination] (one
/// that goes) and [io.navarch.agent.decide.PodStatusReport] (what is said of either).
@NullMarked
package io.navarch.agent.decide;

import org.jspecify.annotations.NullMarked;
