package io.navarch.controllers.disruption;

import io.navarch.client.Caches;
import io.navarch.controllers.GoSelectorText;
import io.navarch.controllers.LabelIndex;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ApiObject;
import io.navarch.model.Condition;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PodDisruptionBudgetStatus;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Counts the pods of a PodDisruptionBudget, and says how many of them may be evicted.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
public final class DisruptionController implements Controller<DisruptionController.Seen> {
    /// How long an evicted pod may take to be deleted.
    private static final Duration EVICTION = Duration.ofMinutes(2);

    private static final String DISRUPTION_ALLOWED = "DisruptionAllowed";

    /// The kinds that decide how many pods of a sort there are. All are read as ReplicaSets: of each only
    /// `spec.replicas` and `spec.template` matter.
    private static final List<ResourceType<ReplicaSet>> SCALED = List.of(
            Resources.REPLICA_SETS,
            Resources.REPLICATION_CONTROLLERS.readAs(ReplicaSet::of),
            Resources.STATEFUL_SETS.readAs(ReplicaSet::of),
            Resources.DEPLOYMENTS.readAs(ReplicaSet::of));

    /// @param expected how many pods are wanted by whatever controls the pods
    /// @param unmanaged whether nothing controls some of the pods
    /// @param unknown why that is not known
    public record Seen(
            PodDisruptionBudget budget, List<Pod> pods, int expected, boolean unmanaged, Optional<String> unknown) {}

    @Override
    public ControllerWiring wiring() {
        var wiring = ControllerWiring.of("disruption-controller")
                .queue("disruption")
                .eventSource("controllermanager")
                .watches(Resources.POD_DISRUPTION_BUDGETS, Controller::self)
                .watches(Resources.PODS, (caches, pod) -> matching(caches, pod, pod.labels()));
        // A workload's size concerns the budgets of its pods.
        for (var type : SCALED)
            wiring.watches(
                    type,
                    (caches, workload) -> matching(
                            caches,
                            workload,
                            workload.spec().template().metadata().labels()));
        return wiring.may("policy", "poddisruptionbudgets/status", "update")
                .may("", "pods/status", "patch")
                .build();
    }

    private static LabelSelector selector(PodDisruptionBudget budget) {
        return LabelSelector.ofObject(budget.spec().selector());
    }

    private static List<ObjectKey> matching(Caches caches, ApiObject object, Map<String, String> labels) {
        return LabelIndex.picking(caches.of(Resources.POD_DISRUPTION_BUDGETS), object.namespace(), labels)
                .filter(budget -> selector(budget).matches(labels))
                .map(PodDisruptionBudget::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        LabelIndex.ofLabels(caches.of(Resources.PODS));
        LabelIndex.ofSelectors(caches.of(Resources.POD_DISRUPTION_BUDGETS), budget -> Optional.of(selector(budget)));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var budget = caches.of(Resources.POD_DISRUPTION_BUDGETS).get(key);
        if (!budget.exists() || budget.deleting()) return Optional.empty();
        var selector = selector(budget);
        var pods = LabelIndex.picked(caches.of(Resources.PODS), key.namespace(), selector)
                .filter(pod -> !Pods.ended(pod))
                .toList();
        Optional<String> unknown = Optional.empty();
        boolean unmanaged = false;
        var sizes = new HashMap<String, Integer>();
        for (var pod : pods) {
            var owner = pod.controller();
            var scaled = scaled(caches, pod);
            if (scaled.exists()) sizes.put(scaled.uid(), scaled.spec().replicasOr(1));
            else if (owner.exists()) unknown = Optional.of(owner.kind() + " does not implement the scale subresource");
            else unmanaged = true;
        }
        int expected = sizes.values().stream().mapToInt(Integer::intValue).sum();
        return Optional.of(new Seen(budget, pods, expected, unmanaged, unknown));
    }

    /// What decides how many pods of this sort there are; absent when nothing does.
    private static ReplicaSet scaled(Caches caches, ApiObject object) {
        var reference = object.controller();
        for (var type : SCALED) {
            if (!type.kind().equals(reference.kind())) continue;
            var owner = caches.of(type).get(new ObjectKey(object.namespace(), reference.name()));
            if (!owner.uid().equals(reference.uid())) break;
            return owner.controller().exists() ? scaled(caches, owner) : owner;
        }
        return ReplicaSet.ABSENT;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var budget = seen.budget;
        var spec = budget.spec();
        var decision = Decision.builder();
        if (seen.pods.isEmpty()) decision.event(Action.RecordEvent.normal(budget, DisruptionReason.NO_PODS.plain()));
        boolean byShare = spec.hasMaxUnavailable() || spec.minAvailable().isText();
        if (byShare && seen.unknown.isPresent()) return failed(decision, budget, seen.unknown.get(), now);
        if (byShare && seen.unmanaged)
            decision.event(Action.RecordEvent.warning(
                    budget, DisruptionReason.UNMANAGED_PODS.about(GoSelectorText.of(spec.selector()))));
        int expected = byShare ? seen.expected : seen.pods.size();
        int wanted = spec.hasMaxUnavailable()
                ? Math.max(0, expected - spec.maxUnavailable().scaled(expected, true))
                : spec.minAvailable().scaled(expected, true);
        var evicted = evicted(seen, now);
        var disrupted = evicted.expected;
        int healthy = (int) seen.pods.stream()
                .filter(pod -> Pods.ready(pod) && !pod.deleting() && !disrupted.containsKey(pod.name()))
                .count();
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - wanted);
        var reason = allowed > 0 ? DisruptionReason.SUFFICIENT_PODS : DisruptionReason.INSUFFICIENT_PODS;
        var status = budget.status().toBuilder()
                .currentHealthy(healthy)
                .desiredHealthy(wanted)
                .expectedPods(expected)
                .disruptionsAllowed(allowed)
                .observedGeneration(budget.metadata().generation())
                .disruptedPods(disrupted)
                .conditions(conditions(budget, allowed > 0, reason.plain(), now));
        if (disrupted.isEmpty()) status.clearDisruptedPods();
        else decision.requeueAfter(EVICTION.plusSeconds(1));
        return decision.status(update(budget, status))
                .events(evicted.events(budget))
                .build();
    }

    /// Nothing may be evicted while it is not known how many pods there should be.
    private static Decision failed(Decision.Builder decision, PodDisruptionBudget budget, String why, Instant now) {
        var status = budget.status().toBuilder()
                .disruptionsAllowed(0)
                .conditions(conditions(budget, false, DisruptionReason.SYNC_FAILED.about(why), now));
        var failed = DisruptionReason.CALCULATE_EXPECTED_POD_COUNT_FAILED.about(why);
        return decision.event(Action.RecordEvent.warning(budget, failed))
                .status(update(budget, status))
                .waitingOn(failed)
                .build();
    }

    private static Optional<Action.Update> update(
            PodDisruptionBudget budget, PodDisruptionBudgetStatus.Builder status) {
        return Action.Update.statusIfChanged(Resources.POD_DISRUPTION_BUDGETS, budget, status.build());
    }

    private static List<Condition> conditions(PodDisruptionBudget budget, boolean allowed, Reason reason, Instant now) {
        var before = budget.status().conditions();
        var condition = Conditions.of(
                before,
                Condition::of,
                DISRUPTION_ALLOWED,
                allowed ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                reason.reason(),
                reason.message(),
                now);
        return Conditions.with(
                before,
                condition.toBuilder()
                        .observedGeneration(budget.metadata().generation())
                        .build());
    }

    /// Evicted pods that are still there, by whether they are still expected to be deleted.
    private static Evicted evicted(Seen seen, Instant now) {
        var evictions = seen.budget.status().disruptedPods();
        var result = new Evicted(new LinkedHashMap<>(), new ArrayList<>());
        if (evictions.isEmpty()) return result;
        for (var pod : seen.pods) {
            var at = evictions.getOrDefault(pod.name(), Optional.empty());
            if (at.isEmpty() || pod.deleting()) continue;
            if (at.get().plus(EVICTION).isAfter(now)) result.expected.put(pod.name(), at);
            else result.overdue.add(pod);
        }
        return result;
    }

    private record Evicted(Map<String, Optional<Instant>> expected, List<Pod> overdue) {
        List<Action.RecordEvent> events(PodDisruptionBudget budget) {
            var reason = DisruptionReason.NOT_DISRUPTED.about(budget.key().toString());
            return overdue.stream()
                    .map(pod -> Action.RecordEvent.warning(pod, reason))
                    .toList();
        }
    }
}
