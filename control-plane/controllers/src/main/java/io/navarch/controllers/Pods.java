package io.navarch.controllers;

import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What controllers ask of pods.
public final class Pods {
    /// The index of pods by the node they are on.
    public static final String BY_NODE = "node";

    private Pods() {}

    /// The keys of a pod in [#BY_NODE].
    public static Collection<String> nodeOf(View pod) {
        return List.of(node(pod));
    }

    public static boolean succeeded(View pod) {
        return pod.status().get("phase").string().equals("Succeeded");
    }

    public static boolean failed(View pod) {
        return pod.status().get("phase").string().equals("Failed");
    }

    public static boolean ended(View pod) {
        return succeeded(pod) || failed(pod);
    }

    public static boolean active(View pod) {
        return !ended(pod) && !pod.deleting();
    }

    /// Told to go, and still running.
    public static boolean terminating(View pod) {
        return !ended(pod) && pod.deleting();
    }

    public static boolean ready(View pod) {
        return pod.condition("Ready").equals("True");
    }

    /// The node's name, `""` while there is none.
    public static String node(View pod) {
        return pod.spec().get("nodeName").string();
    }

    public static Instant created(View object) {
        var created =
                Timestamps.parse(object.metadata().get("creationTimestamp").string());
        return created == null ? Instant.EPOCH : created;
    }

    public static long restarts(View pod) {
        return pod.status().get("containerStatuses").stream()
                .mapToLong(status -> status.get("restartCount").longOr(0))
                .sum();
    }

    /// Since when a ready pod is ready.
    public static Instant readySince(View pod) {
        var since = Timestamps.parse(pod.status()
                .get("conditions")
                .find("type", "Ready")
                .get("lastTransitionTime")
                .string());
        return since == null ? Instant.EPOCH : since;
    }

    /// When a ready pod will have been ready for so long; `null` when it is not ready.
    public static Instant availableAt(View pod, long minReadySeconds) {
        return ready(pod) ? readySince(pod).plus(Duration.ofSeconds(minReadySeconds)) : null;
    }

    public static boolean available(View pod, long minReadySeconds, Instant now) {
        if (!ready(pod)) return false;
        return minReadySeconds == 0 || !availableAt(pod, minReadySeconds).isAfter(now);
    }

    /// How long until the next ready pod becomes available; `null` when none will by itself.
    public static Duration nextAvailability(Collection<View> pods, long minReadySeconds, Instant now) {
        if (minReadySeconds == 0) return null;
        return pods.stream()
                .map(pod -> availableAt(pod, minReadySeconds))
                .filter(at -> at != null && at.isAfter(now))
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(now, at).plusMillis(50))
                .orElse(null);
    }

    /// A pod of a template, to be created under a generated name.
    public static Map<String, Object> fromTemplate(View template, View owner, ResourceType<View> ownerType) {
        var metadata = Trees.map(
                "generateName",
                owner.name() + "-",
                "namespace",
                owner.namespace(),
                "ownerReferences",
                Trees.list(Owners.reference(owner, ownerType)));
        for (var field : List.of("labels", "annotations", "finalizers")) {
            var value = template.metadata().get(field);
            if (value.exists()) metadata.put(field, Trees.copy(value.value()));
        }
        return Trees.map(
                "metadata", metadata, "spec", Trees.copy(template.spec().map()));
    }

    /// When the last of its containers ended, if any has.
    public static Optional<Instant> finishedAt(View pod) {
        return pod.status().get("containerStatuses").stream()
                .map(status -> Timestamps.parse(
                        status.get("state", "terminated", "finishedAt").string()))
                .filter(at -> at != null)
                .max(Comparator.naturalOrder());
    }

    /// The condition of a type, absent when there is none.
    public static View condition(View object, String type) {
        return object.status().get("conditions").find("type", type);
    }
}
