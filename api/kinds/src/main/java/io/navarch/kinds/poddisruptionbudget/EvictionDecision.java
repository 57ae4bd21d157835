package io.navarch.kinds.poddisruptionbudget;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PodDisruptionBudgetStatus;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.StatusDetails;
import io.navarch.model.UnhealthyPodEvictionPolicy;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether a pod may be evicted, and what that costs its PodDisruptionBudget.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
public final class EvictionDecision {
    /// How many pods may have been evicted without being gone yet.
    private static final int MOST_DISRUPTED = 2000;

    private static final String DISRUPTION_ALLOWED = "DisruptionAllowed";
    private static final String SYNC_FAILED = "SyncFailed";

    private EvictionDecision() {}

    /// The budget's new status; empty when the eviction costs nothing.
    ///
    /// @throws ApiException when the pod may not be evicted now
    public static Optional<PodDisruptionBudgetStatus> cost(Pod pod, PodDisruptionBudget budget, Instant now) {
        var status = budget.status();
        var name = budget.name();
        // A pod that serves nobody disrupts nobody.
        if (!Pods.ready(pod) && free(budget)) return Optional.empty();
        if (status.observedGeneration() < budget.metadata().generation()) {
            throw refused("The disruption budget " + name + " is still being processed by the server.", 10);
        }
        int allowed = status.disruptionsAllowed();
        if (allowed < 0) throw forbidden(name, "pdb disruptions allowed is negative");
        if (status.disruptedPods().size() > MOST_DISRUPTED) {
            throw forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) throw refused("The disruption budget " + name + " " + whyNone(status), 0);
        return Optional.of(status.toBuilder()
                .disruptionsAllowed(allowed - 1)
                .putDisruptedPods(pod.name(), Optional.of(now))
                .build());
    }

    /// Why no pod may go. What a budget counts means nothing where counting has failed, and explains nothing where
    /// there are more healthy pods than it needs.
    private static String whyNone(PodDisruptionBudgetStatus status) {
        var told = status.conditions().stream()
                .filter(condition -> condition.type().equals(DISRUPTION_ALLOWED))
                .filter(condition -> condition.status() == ConditionStatus.FALSE
                        && !condition.message().isEmpty())
                .findFirst();
        var failed = told.filter(condition -> condition.reason().equals(SYNC_FAILED));
        if (failed.isPresent())
            return "does not allow evicting pods currently because it failed sync: "
                    + failed.get().message();
        if (status.currentHealthy() <= status.desiredHealthy())
            return "needs " + status.desiredHealthy() + " healthy pods and has " + status.currentHealthy()
                    + " currently";
        return "does not allow evicting pods currently"
                + told.map(condition -> " (" + condition.reason() + "): " + condition.message())
                        .orElse("");
    }

    /// Whether pods that are not ready cost nothing.
    private static boolean free(PodDisruptionBudget budget) {
        if (budget.spec().unhealthyPodEvictionPolicy() == UnhealthyPodEvictionPolicy.ALWAYS_ALLOW) return true;
        int wanted = budget.status().desiredHealthy();
        return budget.status().currentHealthy() >= wanted && wanted > 0;
    }

    /// The budget of a pod; empty when it has none or may go without asking.
    ///
    /// @param budgets those of the pod's namespace
    public static Optional<PodDisruptionBudget> budget(Pod pod, List<PodDisruptionBudget> budgets) {
        var phase = pod.status().phase();
        if (pod.deleting() || Pods.ended(phase) || phase == PodPhase.PENDING) return Optional.empty();
        var matching = budgets.stream().filter(budget -> covers(budget, pod)).toList();
        if (matching.size() > 1) {
            throw new ApiException(
                    ApiException.Reason.INTERNAL_ERROR,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
        return matching.stream().findFirst();
    }

    private static boolean covers(PodDisruptionBudget budget, Pod pod) {
        var selector = budget.spec().selector();
        return selector.exists() && LabelSelector.ofObject(selector.view()).matches(pod.labels());
    }

    private static ApiException forbidden(String name, String why) {
        return ApiException.forbidden("poddisruptionbudget", Resources.POD_DISRUPTION_BUDGETS.group(), name, why);
    }

    private static ApiException refused(String cause, int retryAfter) {
        var details = StatusDetails.builder()
                .addCauses(each -> each.reason("DisruptionBudget").message(cause));
        return new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "Cannot evict pod as it would violate the pod's disruption budget.",
                retryAfter == 0
                        ? details.map()
                        : details.retryAfterSeconds(retryAfter).map());
    }
}
