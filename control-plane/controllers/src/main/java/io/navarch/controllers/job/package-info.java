/// Jobs: pods that run to an end, each counted once.
///
/// Start with [io.navarch.controllers.job.JobController]; [io.navarch.controllers.job.JobCount] makes sure that
/// no pod is lost or counted twice.
@NullMarked
package io.navarch.controllers.job;

import org.jspecify.annotations.NullMarked;
