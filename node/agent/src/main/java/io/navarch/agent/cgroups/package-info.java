/// The kernel's control groups of pods and containers, in both versions: what they may take, what they take, and that
/// none is left.
///
/// Start with [io.navarch.agent.cgroups.PodCgroups].
@NullMarked
package io.navarch.agent.cgroups;

import org.jspecify.annotations.NullMarked;
