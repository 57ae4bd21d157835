/// CronJobs: Jobs at the times of a schedule.
@NullMarked
package io.navarch.controllers.cronjob;

import org.jspecify.annotations.NullMarked;
