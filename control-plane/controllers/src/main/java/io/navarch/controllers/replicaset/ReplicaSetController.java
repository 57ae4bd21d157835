package io.navarch.controllers.replicaset;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.controllers.ControllerRefs;
import io.navarch.controllers.PodTemplates;
import io.navarch.controllers.WaitingForPods;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetConditionType;
import io.navarch.model.ReplicationController;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Keeps as many pods as a ReplicaSet or a ReplicationController wants, and counts them. A
/// ReplicationController is read as a ReplicaSet: only its selector has another form.
public final class ReplicaSetController implements Controller<ReplicaSetController.Seen> {
    /// At most this many pods are created or deleted in one pass.
    private static final int BURST = 500;

    private static final Metric DELETION_AGE = Metric.histogram(
            "replicaset_controller_sorting_deletion_age_ratio",
            "[ALPHA] Age of pods chosen for deletion against the youngest ready pod's; meant to be below 2.",
            Metric.exponential(0.25, 2, 6));

    /// A set, the pods that are, or could become, its own, and how many pods of the same Deployment each node has.
    public record Seen(ReplicaSet set, List<Pod> pods, Map<String, Integer> crowds) {}

    /// What the two kinds differ in.
    private record Flavour(
            String name,
            String queue,
            ResourceType<ReplicaSet> type,
            Function<ReplicaSet, LabelSelector> selector,
            boolean countsTerminating) {}

    private final Flavour flavour;

    private ReplicaSetController(Flavour flavour) {
        this.flavour = flavour;
    }

    public static ReplicaSetController replicaSets() {
        return new ReplicaSetController(new Flavour(
                "replicaset-controller",
                "replicaset",
                Resources.REPLICA_SETS,
                set -> LabelSelector.ofObject(set.spec().selector()),
                true));
    }

    public static ReplicaSetController replicationControllers() {
        return new ReplicaSetController(new Flavour(
                "replication-controller",
                "replicationmanager",
                Resources.REPLICATION_CONTROLLERS.readAs(ReplicaSet::of),
                set -> LabelSelector.ofLabels(
                        ReplicationController.of(set.view()).spec().selector()),
                false));
    }

    @Override
    public ControllerWiring wiring() {
        var plural = flavour.type.plural();
        return ControllerWiring.of(flavour.name)
                .queue(flavour.queue)
                .watches(flavour.type, Controller::self)
                .watches(
                        Resources.PODS,
                        (caches, pod) -> ControllerRefs.ownersOf(caches, flavour.type, pod, flavour.selector))
                .may(flavour.type.group(), plural + "," + plural + "/status," + plural + "/finalizers", "update")
                .may("", "pods", "create,delete,patch")
                .metrics(DELETION_AGE)
                .build();
    }

    private ControllerRefs<ReplicaSet> refs(ReplicaSet set) {
        return new ControllerRefs<>(set, flavour.type, flavour.selector.apply(set));
    }

    @Override
    public void prepare(Caches caches) {
        ControllerRefs.index(caches, flavour.type, flavour.selector);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var set = caches.of(flavour.type).get(key);
        if (!set.exists()) return Optional.empty();
        var pods = refs(set).candidates(caches.of(Resources.PODS));
        boolean mayDelete = pods.size() > set.spec().replicasOr(1);
        return Optional.of(new Seen(set, pods, mayDelete ? crowds(caches, set) : Map.of()));
    }

    /// By node, the active pods of all sets that have the same owner.
    private Map<String, Integer> crowds(Caches caches, ReplicaSet set) {
        var owner = set.controller();
        var related = owner.exists() ? caches.of(flavour.type).byIndex(Cache.CONTROLLER, owner.uid()) : List.of(set);
        var crowds = new HashMap<String, Integer>();
        for (var each : related) {
            for (var pod : caches.of(Resources.PODS).ownedBy(each))
                if (Pods.active(pod)) crowds.merge(pod.spec().nodeName(), 1, Integer::sum);
        }
        return crowds;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var claimed = refs(set).claim(Resources.PODS, seen.pods, Pods::active);
        var active = claimed.objects().stream().filter(Pods::active).toList();
        var status = new ReplicaStatus(set, claimed.objects(), active, flavour.countsTerminating, now);
        int missing = set.deleting() ? 0 : set.spec().replicasOr(1) - active.size();
        return Decision.builder()
                .changes(claimed.changes())
                .changes(
                        missing > 0
                                ? create(set, Math.min(missing, BURST), status)
                                : delete(seen, active, Math.min(-missing, BURST), now))
                // A refused creation writes a status of its own and ends the pass, so this one is written only after
                // creations have succeeded.
                .status(Action.Update.statusIfChanged(flavour.type, set, status.healthy()))
                .requeueAfter(Pods.nextAvailability(active, set.spec().minReadySeconds(), now))
                .waitingOn(WaitingForPods.of(missing, active.size() - status.available(), -missing))
                .build();
    }

    private List<Action> create(ReplicaSet set, int count, ReplicaStatus status) {
        var pod = PodTemplates.pod(set.spec().template(), set, flavour.type).build();
        var refusal = new Refusal(flavour.type, set, status.refused(), ReplicaSetConditionType.REPLICA_FAILURE);
        var create = new Action.Create(
                Resources.PODS, pod.view().map(), EventTemplate.created(set, "pod"), List.of(), Optional.of(refusal));
        return Collections.nCopies(count, create);
    }

    private static List<Action> delete(Seen seen, List<Pod> active, int count, Instant now) {
        if (count == 0) return List.of();
        var youngest = active.stream()
                .filter(Pods::ready)
                .map(Pod::created)
                .max(Comparator.naturalOrder())
                .orElse(now);
        var result = new ArrayList<Action>(count);
        for (var victim : DeletionOrder.sort(active, seen.crowds, now).subList(0, count))
            result.add(new Action.Delete(
                    Resources.PODS,
                    victim.key(),
                    victim.uid(),
                    EventTemplate.deleted(seen.set, "pod", victim.name())
                            .counting(deletionAge(victim, youngest, now), List.of())));
        return result;
    }

    private static List<Metric.Sample> deletionAge(Pod victim, Instant youngest, Instant now) {
        long least = Duration.between(youngest, now).toMillis();
        if (!Pods.ready(victim) || least <= 0) return List.of();
        // Whole times only, as in the original.
        long times = Duration.between(victim.created(), now).toMillis() / least;
        return List.of(DELETION_AGE.of(times));
    }
}
