package io.navarch.scheduler;

import io.navarch.scheduler.volumes.PodClaims;
import java.util.List;

/// Why a node cannot take a pod. Its text is a part of the message of the `FailedScheduling` event.
sealed interface Rejection {
    String text();

    /// Whether it stays so whichever pods leave the node.
    boolean lasting();

    /// What a filter says that has no other reason to refuse a node.
    default List<Rejection> unless(boolean fits) {
        return fits ? List.of() : List.of(this);
    }

    enum Plain implements Rejection {
        UNSCHEDULABLE("node(s) were unschedulable", true),
        NAME("node(s) didn't match the requested node name", true),
        TAINTS("node(s) had untolerated taint(s)", true),
        AFFINITY("node(s) didn't match Pod's node affinity/selector", true),
        PORTS("node(s) didn't have free ports for the requested pod ports", false),
        PODS("Too many pods", false),
        CLAIM_TAKEN(
                "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by"
                        + " another pod",
                false),
        VOLUME_LIMIT("node(s) exceed max volume count", false),
        VOLUME_ZONE("node(s) had no available volume zone", true);

        private final String text;
        private final boolean lasting;

        Plain(String text, boolean lasting) {
            this.text = text;
            this.lasting = lasting;
        }

        @Override
        public boolean lasting() {
            return lasting;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /// @param lasting whether the node would not have as much without any pods
    record Insufficient(String resource, boolean lasting) implements Rejection {
        @Override
        public String text() {
            return "Insufficient " + resource;
        }
    }

    /// What a pod's claims want is not on the node.
    record OfClaims(PodClaims.Conflict conflict) implements Rejection {
        @Override
        public boolean lasting() {
            return true;
        }

        @Override
        public String text() {
            return conflict.text();
        }
    }
}
