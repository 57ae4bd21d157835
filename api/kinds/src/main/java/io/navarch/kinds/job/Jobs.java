package io.navarch.kinds.job;

import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.StatusCondition;
import java.util.Map;
import java.util.TreeMap;

/// What a job's fields mean, for everyone who asks.
public final class Jobs {
    static final String UID = "batch.kubernetes.io/controller-uid";
    static final String NAME = "batch.kubernetes.io/job-name";

    private Jobs() {}

    /// The labels by which a job finds its pods when nobody chose a selector.
    static Map<String, String> generatedLabels(String uid, String name) {
        return new TreeMap<>(Map.of(UID, uid, NAME, name, "controller-uid", uid, "job-name", name));
    }

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
