package io.navarch.controllers.deployment;

import io.navarch.reconcile.Reason;

/// What the conditions and events of Deployments say.
///
/// @param subject whom it is about, as the text names it
record DeploymentReason(What what, String subject) implements Reason {
    enum What {
        SELECTING_ALL("SelectingAll", "This deployment is selecting all pods. A non-empty selector is required."),
        AVAILABLE("MinimumReplicasAvailable", "Deployment has minimum availability."),
        UNAVAILABLE("MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
        PAUSED("DeploymentPaused", "Deployment is paused"),
        RESUMED("DeploymentResumed", "Deployment is resumed"),
        CREATED("NewReplicaSetCreated", "Created new replica set \"{}\""),
        NOT_CREATED("ReplicaSetCreateError", "Failed to create new replica set \"{}\": %s"),
        UPDATED("ReplicaSetUpdated", "{} is progressing."),
        COMPLETE("NewReplicaSetAvailable", "{} has successfully progressed."),
        TIMED_OUT("ProgressDeadlineExceeded", "{} has timed out progressing."),
        SCALED_UP("ScalingReplicaSet", "Scaled up replica set {}"),
        SCALED_DOWN("ScalingReplicaSet", "Scaled down replica set {}");

        private final String reason;
        private final String text;

        What(String reason, String text) {
            this.reason = reason;
            this.text = text;
        }

        DeploymentReason about(String subject) {
            return new DeploymentReason(this, subject);
        }

        /// Whether a condition has this reason.
        boolean is(String reason) {
            return this.reason.equals(reason);
        }
    }

    static DeploymentReason of(What what) {
        return what.about("");
    }

    static DeploymentReason scaled(String set, long from, long to) {
        return (to > from ? What.SCALED_UP : What.SCALED_DOWN).about(set + " from " + from + " to " + to);
    }

    @Override
    public String reason() {
        return what.reason;
    }

    @Override
    public String message() {
        return what.text.replace("{}", subject);
    }
}
