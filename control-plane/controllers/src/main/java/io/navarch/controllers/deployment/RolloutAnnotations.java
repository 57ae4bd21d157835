package io.navarch.controllers.deployment;

import io.navarch.model.ApiObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The annotations by which a Deployment and its ReplicaSets know each other's state.
final class RolloutAnnotations {
    static final String REVISION = "deployment.kubernetes.io/revision";
    /// The revisions that a set had before it came back.
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
    /// A label: which template a set and its pods are of.
    static final String HASH = "pod-template-hash";

    private static final int LONGEST_HISTORY = 2000;

    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            HISTORY,
            "deprecated.deployment.rollback.to",
            DESIRED,
            MAXIMUM);

    private RolloutAnnotations() {}

    /// Whether a Deployment's annotation is copied to its sets.
    static boolean copied(String annotation) {
        return !NOT_COPIED.contains(annotation);
    }

    /// The history of a set that gets another revision, with the present one; empty when it has none yet.
    static Optional<String> history(ApiObject set) {
        var present = set.annotation(REVISION);
        if (present.isEmpty()) return Optional.empty();
        var before = set.annotation(HISTORY);
        var history = before.isEmpty() ? present : before + "," + present;
        // The oldest make room.
        while (history.length() > LONGEST_HISTORY) history = history.substring(history.indexOf(',') + 1);
        return Optional.of(history);
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
