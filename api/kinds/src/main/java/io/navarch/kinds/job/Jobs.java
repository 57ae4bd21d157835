package io.navarch.kinds.job;

import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.StatusCondition;

/// What a job's fields mean, for everyone who asks.
public final class Jobs {
    private Jobs() {}

    public static boolean isTrue(Job job, String conditionType) {
        return StatusCondition.isTrue(job.status().conditions(), conditionType);
    }

    public static boolean complete(Job job) {
        return isTrue(job, JobConditionType.COMPLETE);
    }

    public static boolean failed(Job job) {
        return isTrue(job, JobConditionType.FAILED);
    }

    /// Whether no pod of it will run any more.
    public static boolean finished(Job job) {
        return complete(job) || failed(job);
    }
}
