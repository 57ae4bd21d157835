package io.navarch.controllers;

import io.navarch.reconcile.Reason;
import java.util.ArrayList;
import java.util.List;

/// A workload is not yet as wanted because of pods.
public record WaitingForPods(Until until, long count) implements Reason {
    public enum Until {
        CREATED("PodsMissing", "to be created"),
        AVAILABLE("PodsUnavailable", "to become available"),
        GONE("PodsTerminating", "to terminate");

        private final String reason;
        private final String what;

        Until(String reason, String what) {
            this.reason = reason;
            this.what = what;
        }
    }

    /// Only what there is to wait for.
    public static List<Reason> of(long missing, long unavailable, long terminating) {
        var result = new ArrayList<Reason>();
        if (missing > 0) result.add(new WaitingForPods(Until.CREATED, missing));
        if (unavailable > 0) result.add(new WaitingForPods(Until.AVAILABLE, unavailable));
        if (terminating > 0) result.add(new WaitingForPods(Until.GONE, terminating));
        return result;
    }

    @Override
    public String reason() {
        return until.reason;
    }

    @Override
    public String message() {
        return "waiting for " + count + " pods " + until.what;
    }
}
