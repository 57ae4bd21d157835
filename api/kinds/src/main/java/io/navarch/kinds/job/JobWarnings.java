package io.navarch.kinds.job;

import io.navarch.kinds.pod.PodWarnings;
import io.navarch.model.CompletionMode;
import io.navarch.model.Job;
import io.navarch.model.JobSpec;
import java.util.ArrayList;
import java.util.List;

/// What may be written in a Job, but hardly does what its author meant.
public final class JobWarnings {
    private static final int MANY_COMPLETIONS = 100_000;
    private static final int MUCH_PARALLELISM = 10_000;

    private JobWarnings() {}

    static List<String> of(Job job, Job old) {
        var warnings = new ArrayList<String>();
        if (!old.exists()) warnings.addAll(PodWarnings.ofName(job.name()));
        if (!old.exists() || old.metadata().generation() != job.metadata().generation())
            warnings.addAll(ofSpec(job.spec(), "spec"));
        return warnings;
    }

    public static List<String> ofSpec(JobSpec spec, String path) {
        var warnings = new ArrayList<String>();
        boolean huge = spec.completions() > MANY_COMPLETIONS && spec.parallelism() > MUCH_PARALLELISM;
        if (spec.completionMode() == CompletionMode.INDEXED && huge)
            warnings.add(
                    path + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher"
                            + " than 10^4, Kubernetes might not be able to track completedIndexes when a big number of"
                            + " indexes fail");
        warnings.addAll(PodWarnings.ofTemplate(spec.template(), path + ".template"));
        return warnings;
    }
}
