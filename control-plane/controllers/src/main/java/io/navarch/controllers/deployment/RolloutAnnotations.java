package io.navarch.controllers.deployment;

import io.navarch.model.ApiObject;
import java.util.Map;
import java.util.Set;

/// The annotations by which a Deployment and its ReplicaSets know each other's state.
final class RolloutAnnotations {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
    /// A label: which template a set and its pods are of.
    static final String HASH = "pod-template-hash";

    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            "deprecated.deployment.rollback.to",
            DESIRED,
            MAXIMUM);

    private RolloutAnnotations() {}

    /// Whether a Deployment's annotation is copied to its sets.
    static boolean copied(String annotation) {
        return !NOT_COPIED.contains(annotation);
    }

    static long revision(ApiObject object) {
        return number(object, REVISION, 0);
    }

    static long number(ApiObject object, String annotation, long fallback) {
        try {
            return Long.parseLong(object.annotation(annotation));
        } catch (NumberFormatException e) {
            return fallback;
        }
    }

    /// What a set is told about the size of its Deployment.
    static Map<String, String> size(Strategy strategy) {
        return Map.of(
                DESIRED, String.valueOf(strategy.desired()),
                MAXIMUM, String.valueOf(strategy.maximum()));
    }
}
