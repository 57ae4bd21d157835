/// Jobs: pods that run to an end, each counted once.
///
/// Start with [io.navarch.controllers.job.JobController]; [io.navarch.controllers.job.JobCount] is how no pod is lost
/// or
/// counted twice.
package io.navarch.controllers.job;
