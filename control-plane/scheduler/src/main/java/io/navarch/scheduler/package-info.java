/// Gives pods their nodes: a pure cycle over a snapshot, with the standard extension points and plugin names.
///
/// Start with [io.navarch.scheduler.SchedulingCycle]; [io.navarch.scheduler.Scheduler] is the shell.
@NullMarked
package io.navarch.scheduler;

import org.jspecify.annotations.NullMarked;
