package io.navarch.controllers.deployment;

import io.navarch.controllers.ReasonKind;
import io.navarch.reconcile.Reason;

/// What the conditions and events of Deployments say.
enum DeploymentReason implements ReasonKind {
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

    DeploymentReason(String reason, String text) {
        this.reason = reason;
        this.text = text;
    }

    static Reason scaled(String set, long from, long to) {
        return (to > from ? SCALED_UP : SCALED_DOWN).about(set + " from " + from + " to " + to);
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public String text() {
        return text;
    }
}
