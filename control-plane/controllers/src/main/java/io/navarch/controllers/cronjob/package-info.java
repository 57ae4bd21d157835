/// CronJobs: Jobs at the times of a schedule.
package io.navarch.controllers.cronjob;
