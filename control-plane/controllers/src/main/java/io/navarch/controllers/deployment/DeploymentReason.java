package io.navarch.controllers.deployment;

import io.navarch.controllers.ReasonKind;
import io.navarch.reconcile.Reason;

/// What the conditions and events of Deployments say.
final class DeploymentReason {
    static final ReasonKind SELECTING_ALL =
            new ReasonKind("SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
    static final ReasonKind AVAILABLE =
            new ReasonKind("MinimumReplicasAvailable", "Deployment has minimum availability.");
    static final ReasonKind UNAVAILABLE =
            new ReasonKind("MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
    static final ReasonKind PAUSED = new ReasonKind("DeploymentPaused", "Deployment is paused");
    static final ReasonKind RESUMED = new ReasonKind("DeploymentResumed", "Deployment is resumed");
    static final ReasonKind FOUND = new ReasonKind("FoundNewReplicaSet", "Found new replica set \"{}\"");
    static final ReasonKind CREATED = new ReasonKind("NewReplicaSetCreated", "Created new replica set \"{}\"");
    static final ReasonKind NOT_CREATED =
            new ReasonKind("ReplicaSetCreateError", "Failed to create new replica set \"{}\": %s");
    static final ReasonKind UPDATED = new ReasonKind("ReplicaSetUpdated", "{} is progressing.");
    static final ReasonKind COMPLETE = new ReasonKind("NewReplicaSetAvailable", "{} has successfully progressed.");
    static final ReasonKind TIMED_OUT = new ReasonKind("ProgressDeadlineExceeded", "{} has timed out progressing.");
    static final ReasonKind SCALED_UP = new ReasonKind("ScalingReplicaSet", "Scaled up replica set {}");
    static final ReasonKind SCALED_DOWN = new ReasonKind("ScalingReplicaSet", "Scaled down replica set {}");

    private DeploymentReason() {}

    static Reason scaled(String set, long from, long to) {
        return (to > from ? SCALED_UP : SCALED_DOWN).about(set + " from " + from + " to " + to);
    }
}
