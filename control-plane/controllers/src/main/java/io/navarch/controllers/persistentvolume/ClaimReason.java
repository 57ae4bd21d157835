package io.navarch.controllers.persistentvolume;

import io.navarch.model.EventType;
import io.navarch.reconcile.Reason;
import java.util.List;

/// Why a claim is not bound.
///
/// @param details what the kind's message names: a volume, a class, a provisioner
record ClaimReason(Kind kind, List<String> details) implements Reason {
    enum Kind {
        NO_VOLUME(EventType.NORMAL, "FailedBinding", "no persistent volumes available for this claim"),
        NO_CLASS(
                EventType.NORMAL,
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set"),
        VOLUME_MISSING(EventType.NORMAL, "FailedBinding", "volume \"%s\" not found"),
        VOLUME_TAKEN(EventType.WARNING, "FailedBinding", "volume \"%s\" already bound to a different claim."),
        VOLUME_UNSUITABLE(EventType.WARNING, "VolumeMismatch", "Cannot bind to requested volume \"%s\": %s"),
        FIRST_CONSUMER(
                EventType.NORMAL, "WaitForFirstConsumer", "waiting for first consumer to be created before binding"),
        CLASS_MISSING(EventType.WARNING, "ProvisioningFailed", "storageclass.storage.k8s.io \"%s\" not found"),
        PROVISIONING(
                EventType.NORMAL,
                "ExternalProvisioning",
                "Waiting for a volume to be created either by the external provisioner '%s' or manually by the system"
                        + " administrator. If volume creation is delayed, please verify that the provisioner is running"
                        + " and correctly registered."),
        LOST_REFERENCE(
                EventType.WARNING,
                "ClaimLost",
                "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!"),
        LOST_VOLUME(
                EventType.WARNING,
                "ClaimLost",
                "Bound claim has lost its PersistentVolume. Data on the volume is lost!"),
        MISBOUND(
                EventType.WARNING,
                "ClaimMisbound",
                "Two claims are bound to the same volume, this one is bound incorrectly");

        private final EventType eventType;
        private final String reason;
        private final String message;

        Kind(EventType eventType, String reason, String message) {
            this.eventType = eventType;
            this.reason = reason;
            this.message = message;
        }
    }

    static ClaimReason of(Kind kind, String... details) {
        return new ClaimReason(kind, List.of(details));
    }

    EventType eventType() {
        return kind.eventType;
    }

    @Override
    public String reason() {
        return kind.reason;
    }

    @Override
    public String message() {
        return kind.message.formatted(details.toArray());
    }
}
