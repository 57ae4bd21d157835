package io.navarch.controllers.statefulset;

import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StatefulSet;
import io.navarch.reconcile.Reason;

/// What events of StatefulSets say, and what a set waits for.
sealed interface StatefulReason extends Reason {
    /// A pod cannot be made before the claim that goes is gone.
    record ClaimGoes(StatefulSet set, String pod, PersistentVolumeClaim claim) implements StatefulReason {
        @Override
        public String reason() {
            return "FailedCreate";
        }

        @Override
        public String message() {
            return "Create Pod " + pod + " in StatefulSet " + set.name() + " failed error: pvc " + claim.name()
                    + " is being deleted";
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
