package io.navarch.controllers.podgc;

import io.navarch.reconcile.Reason;

/// Why a pod is removed.
enum PodGcReason implements Reason {
    TERMINATED("terminated", ""),
    UNSCHEDULED("unscheduled", ""),
    ORPHANED("orphaned", "PodGC: node no longer exists"),
    OUT_OF_SERVICE("out-of-service", "PodGC: node is out-of-service");

    private final String metric;
    private final String message;

    PodGcReason(String metric, String message) {
        this.metric = metric;
        this.message = message;
    }

    /// As metrics name it.
    String metric() {
        return metric;
    }

    @Override
    public String reason() {
        return "DeletionByPodGC";
    }

    @Override
    public String message() {
        return message;
    }
}
