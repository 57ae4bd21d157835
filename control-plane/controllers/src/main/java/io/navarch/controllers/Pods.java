package io.navarch.controllers;

import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;

/// What controllers ask of pods.
public final class Pods {
    private Pods() {}

    public static boolean ended(View pod) {
        var phase = pod.status().get("phase").string();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    public static boolean active(View pod) {
        return !ended(pod) && !pod.deleting();
    }

    public static boolean ready(View pod) {
        return pod.condition("Ready").equals("True");
    }

    /// When a ready pod will have been ready for so long; `null` when it is not ready.
    public static Instant availableAt(View pod, long minReadySeconds) {
        if (!ready(pod)) return null;
        var since = Timestamps.parse(pod.status()
                .get("conditions")
                .find("type", "Ready")
                .get("lastTransitionTime")
                .string());
        return since == null ? Instant.EPOCH : since.plus(Duration.ofSeconds(minReadySeconds));
    }

    public static boolean available(View pod, long minReadySeconds, Instant now) {
        if (!ready(pod)) return false;
        return minReadySeconds == 0 || !availableAt(pod, minReadySeconds).isAfter(now);
    }
}
