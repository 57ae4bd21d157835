package io.navarch.scheduler;

import java.util.List;
import java.util.Optional;

/// The plugins that look at the claims of pods.
final class VolumePlugins {
    private VolumePlugins() {}

    /// What one pod at a time may use.
    record VolumeRestrictions() implements Plugin.Filter {
        @Override
        public String name() {
            return "VolumeRestrictions";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            return Rejection.Plain.CLAIM_TAKEN.unless(!pod.claimsTaken());
        }
    }

    /// How many volumes a node attaches.
    record NodeVolumeLimits() implements Plugin.Filter {
        @Override
        public String name() {
            return "NodeVolumeLimits";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            if (pod.claims().isEmpty()) return List.of();
            boolean attachable = pod.claims().get().attachable(node.node(), node.claims());
            return Rejection.Plain.VOLUME_LIMIT.unless(attachable);
        }
    }

    /// Whether the claims have, or get, their volumes on a node.
    record VolumeBinding() implements Plugin.PreFilter, Plugin.Filter {
        @Override
        public String name() {
            return "VolumeBinding";
        }

        @Override
        public Optional<String> preFilter(PodInfo pod) {
            return pod.claims().flatMap(claims -> claims.refusal());
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            if (pod.claims().isEmpty()) return List.of();
            return pod.claims().get().on(node.node()).conflicts().stream()
                    .<Rejection>map(Rejection.OfClaims::new)
                    .toList();
        }
    }

    /// Whether the volumes are where a node is.
    record VolumeZone() implements Plugin.Filter {
        @Override
        public String name() {
            return "VolumeZone";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            boolean inPlace = pod.claims().isEmpty() || pod.claims().get().inPlace(node.node());
            return Rejection.Plain.VOLUME_ZONE.unless(inPlace);
        }
    }
}
