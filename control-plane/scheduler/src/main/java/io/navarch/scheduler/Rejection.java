package io.navarch.scheduler;

import io.navarch.scheduler.volumes.PodClaims;
import java.util.List;

/// Why a node cannot take a pod. Its text is a part of the message of the `FailedScheduling` event.
sealed interface Rejection {
    String text();

    /// What a filter says that has no other reason to refuse a node.
    default List<Rejection> unless(boolean fits) {
        return fits ? List.of() : List.of(this);
    }

    enum Plain implements Rejection {
        UNSCHEDULABLE("node(s) were unschedulable"),
        NAME("node(s) didn't match the requested node name"),
        TAINTS("node(s) had untolerated taint(s)"),
        AFFINITY("node(s) didn't match Pod's node affinity/selector"),
        PORTS("node(s) didn't have free ports for the requested pod ports"),
        PODS("Too many pods"),
        CLAIM_TAKEN(
                "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by"
                        + " another pod"),
        VOLUME_LIMIT("node(s) exceed max volume count"),
        VOLUME_ZONE("node(s) had no available volume zone");

        private final String text;

        Plain(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    record Insufficient(String resource) implements Rejection {
        @Override
        public String text() {
            return "Insufficient " + resource;
        }
    }

    /// What a pod's claims want is not on the node.
    record OfClaims(PodClaims.Conflict conflict) implements Rejection {
        @Override
        public String text() {
            return conflict.text();
        }
    }
}
