package io.navarch.controllers.attachdetach;

import io.navarch.model.Pod;
import io.navarch.reconcile.Reason;
import java.util.List;
import java.util.stream.Collectors;

/// What becomes of the attachment of a volume, as its pods are told.
sealed interface AttachReason extends Reason {
    /// A volume that only one node can have is attached to another one.
    ///
    /// @param users pods that have it there
    record MultiAttach(String volume, List<Pod> users) implements AttachReason {
        @Override
        public String reason() {
            return "FailedAttachVolume";
        }

        @Override
        public String message() {
            return "Multi-Attach error for volume \"" + volume + "\" "
                    + (users.isEmpty()
                            ? "Volume is already exclusively attached to one node and can't be attached to another"
                            : users.stream()
                                    .map(Pod::name)
                                    .sorted()
                                    .collect(Collectors.joining(", ", "Volume is already used by pod(s) ", "")));
        }
    }

    /// @param why in the driver's words
    record Failed(String volume, String why) implements AttachReason {
        @Override
        public String reason() {
            return "FailedAttachVolume";
        }

        @Override
        public String message() {
            return "AttachVolume.Attach failed for volume \"" + volume + "\" : " + why;
        }
    }

    record Attached(String volume) implements AttachReason {
        @Override
        public String reason() {
            return "SuccessfulAttachVolume";
        }

        @Override
        public String message() {
            return "AttachVolume.Attach succeeded for volume \"" + volume + "\" ";
        }
    }
}
