package io.navarch.controllers.statefulset;

import io.navarch.model.Pod;
import io.navarch.model.StatefulSet;
import io.navarch.reconcile.Reason;

/// What events of StatefulSets say, and what a set waits for.
sealed interface StatefulReason extends Reason {
    /// A pod that has ended is replaced.
    record Recreating(StatefulSet set, Pod pod, boolean failed) implements StatefulReason {
        @Override
        public String reason() {
            return failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod";
        }

        @Override
        public String message() {
            return "StatefulSet " + set.key() + " is recreating " + (failed ? "failed" : "terminated") + " Pod "
                    + pod.name();
        }
    }

    /// Nothing else moves until this pod has come so far.
    record WaitingForOrdinal(int ordinal, Until until) implements StatefulReason {
        enum Until {
            CREATED,
            AVAILABLE,
            GONE
        }

        @Override
        public String reason() {
            return "WaitingForOrdinal";
        }

        @Override
        public String message() {
            return "waiting for the pod of ordinal " + ordinal + " to be "
                    + switch (until) {
                        case CREATED -> "created";
                        case AVAILABLE -> "ready and available";
                        case GONE -> "gone";
                    };
        }
    }
}
