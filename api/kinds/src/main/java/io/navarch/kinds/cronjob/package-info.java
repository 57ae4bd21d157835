/// CronJobs: definition, rules, and when a schedule is due.
@NullMarked
package io.navarch.kinds.cronjob;

import org.jspecify.annotations.NullMarked;
