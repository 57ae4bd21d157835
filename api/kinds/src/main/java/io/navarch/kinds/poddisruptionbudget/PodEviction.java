package io.navarch.kinds.poddisruptionbudget;

import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Eviction;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.subresource.DeleteOptions;
import io.navarch.schema.subresource.SubresourceHandler;
import java.time.InstantSource;
import java.util.ArrayList;

/// `pods/eviction`: deletes a pod if its disruption budget allows that. Of two that want the last place in a budget,
/// one
/// is refused.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
public final class PodEviction implements SubresourceHandler {
    /// How often somebody else may have changed the budget before the eviction is given up.
    private static final int ATTEMPTS = 20;

    private final InstantSource clock;

    public PodEviction(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Answer serve(Request request, Objects objects) throws InterruptedException {
        objects.validate(Trees.copy(request.body()));
        var options = objects.deleteOptions(
                Eviction.of(View.of(request.body())).deleteOptions().view().map());
        var namespace = request.call().namespace();
        var name = request.call().name();
        var draft = objects.edit(Resources.PODS, namespace, name);
        var pod = Pod.of(View.of(draft.object()));
        checkIdentity(pod, options);
        spend(pod, options.dryRun(), objects);
        if (!options.dryRun() && !pod.deleting()) {
            mark(draft, pod);
            draft.store();
        }
        objects.delete(Resources.PODS, namespace, name, options);
        return Answer.created();
    }

    private static void checkIdentity(Pod pod, DeleteOptions options) {
        if (options.uid().isEmpty() || options.uid().equals(pod.uid())) return;
        throw ApiException.conflict(
                Resources.PODS.plural(),
                "",
                pod.name(),
                "the UID in the precondition (" + options.uid() + ") does not match the UID in record (" + pod.uid()
                        + "). The object might have been deleted and then recreated");
    }

    private void mark(Draft draft, Pod pod) {
        var conditions =
                new ArrayList<>(Conditions.without(pod.status().conditions(), PodConditionType.DISRUPTION_TARGET));
        conditions.add(Conditions.of(
                PodCondition::of,
                PodConditionType.DISRUPTION_TARGET,
                ConditionStatus.TRUE,
                "EvictionByEvictionAPI",
                "Eviction API: evicting",
                clock.instant()));
        Pod.edit(draft.object()).status(status -> status.conditions(conditions));
    }

    /// Takes the place of the pod out of its budget.
    private void spend(Pod pod, boolean dryRun, Objects objects) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var budget = EvictionDecision.budget(pod, objects.list(Resources.POD_DISRUPTION_BUDGETS, pod.namespace()));
            if (budget.isEmpty()) return;
            var status = EvictionDecision.cost(pod, budget.get(), clock.instant());
            if (status.isEmpty() || dryRun) return;
            var draft = objects.edit(
                    Resources.POD_DISRUPTION_BUDGETS,
                    budget.get().namespace(),
                    budget.get().name());
            var current = PodDisruptionBudget.of(View.of(draft.object()));
            if (!current.resourceVersion().equals(budget.get().resourceVersion())) continue;
            PodDisruptionBudget.edit(draft.object()).status(status.get());
            if (draft.replace()) return;
        }
        throw new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "couldn't update PodDisruptionBudget due to conflicts; try again");
    }
}
