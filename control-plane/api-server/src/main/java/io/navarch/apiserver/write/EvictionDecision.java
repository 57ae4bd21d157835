package io.navarch.apiserver.write;

import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Whether a pod may be evicted, and what that costs its PodDisruptionBudget.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
final class EvictionDecision {
    /// So many pods may have been evicted without being gone.
    private static final int MOST_DISRUPTED = 2000;

    private EvictionDecision() {}

    /// The budget's new status, or `null` when the eviction costs nothing.
    ///
    /// @param budget the pod's, absent for none
    /// @throws ApiException when the pod may not be evicted now
    static Map<String, Object> cost(View pod, View budget, Instant now) {
        if (!budget.exists()) return null;
        var status = budget.status();
        var name = budget.name();
        boolean ready = pod.condition("Ready").equals("True");
        var policy = budget.spec().get("unhealthyPodEvictionPolicy").stringOr("IfHealthyBudget");
        long healthy = status.get("currentHealthy").longOr(0);
        long wanted = status.get("desiredHealthy").longOr(0);
        // A pod that serves nobody disrupts nobody.
        if (!ready && policy.equals("AlwaysAllow")) return null;
        if (!ready && healthy >= wanted && wanted > 0) return null;
        if (status.get("observedGeneration").longOr(0)
                < budget.metadata().get("generation").longOr(0))
            throw refused("The disruption budget " + name + " is still being processed by the server.", 10);
        long allowed = status.get("disruptionsAllowed").longOr(0);
        if (allowed < 0)
            throw ApiException.forbidden("poddisruptionbudgets", "policy", name, "pdb disruptions allowed is negative");
        if (status.get("disruptedPods").map().size() > MOST_DISRUPTED)
            throw ApiException.forbidden(
                    "poddisruptionbudgets",
                    "policy",
                    name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        if (allowed == 0)
            throw refused(
                    "The disruption budget " + name + " needs " + wanted + " healthy pods and has " + healthy
                            + " currently",
                    0);
        var result = Trees.copy(status.map());
        result.put("disruptionsAllowed", allowed - 1);
        Trees.put(result, Timestamps.seconds(now), "disruptedPods", pod.name());
        return result;
    }

    /// The budget of a pod, absent when it has none or may go without asking.
    ///
    /// @param budgets those of the pod's namespace
    static View budget(View pod, List<View> budgets) {
        var phase = pod.status().get("phase").string();
        boolean free =
                pod.deleting() || List.of("Succeeded", "Failed", "Pending").contains(phase);
        if (free) return View.of(null);
        var matching = budgets.stream()
                .filter(budget -> budget.spec().get("selector").exists()
                        && LabelSelector.ofObject(budget.spec().get("selector")).matches(pod.labels()))
                .toList();
        if (matching.size() > 1)
            throw new ApiException(
                    ApiException.Reason.INTERNAL_ERROR,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        return matching.isEmpty() ? View.of(null) : matching.getFirst();
    }

    private static ApiException refused(String cause, int retryAfter) {
        return new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "Cannot evict pod as it would violate the pod's disruption budget.",
                Trees.map(
                        "causes",
                        Trees.list(Trees.map("reason", "DisruptionBudget", "message", cause)),
                        "retryAfterSeconds",
                        retryAfter == 0 ? null : (long) retryAfter));
    }
}
