package io.navarch.controllers;

import io.navarch.model.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.Optional;

/// The condition `DisruptionTarget` of pods that are ended from outside.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
public final class Disruption {
    private Disruption() {}

    /// Says why the pod is about to be deleted; nothing when it says so already.
    public static Optional<Action> target(View pod, String reason, String message, Instant now) {
        return patch(pod, false, reason, message, now);
    }

    /// The same for a pod that nobody can report on any more: it has failed.
    public static Optional<Action> failed(View pod, String reason, String message, Instant now) {
        return patch(pod, !Pods.ended(pod), reason, message, now);
    }

    private static Optional<Action> patch(View pod, boolean fail, String reason, String message, Instant now) {
        var known = Pods.condition(pod, "DisruptionTarget");
        boolean said = known.get("status").string().equals("True")
                && known.get("reason").string().equals(reason);
        if (said && !fail) return Optional.empty();
        var status = Trees.map(
                "conditions", Trees.copy(pod.status().get("conditions").list()));
        var condition = Conditions.of(pod, "DisruptionTarget", "True", reason, message, now);
        condition.put("lastProbeTime", Timestamps.seconds(now));
        Conditions.replace(status, condition);
        if (fail) status.put("phase", "Failed");
        return Optional.of(new Action.Patch(
                Resources.PODS.untyped(),
                pod.key(),
                "status",
                Trees.map(
                        "metadata",
                        Trees.map("uid", pod.uid(), "resourceVersion", pod.resourceVersion()),
                        "status",
                        status)));
    }
}
