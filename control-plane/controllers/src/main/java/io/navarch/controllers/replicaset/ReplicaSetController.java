package io.navarch.controllers.replicaset;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.controllers.Claims;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps as many pods as a ReplicaSet or a ReplicationController wants, and counts them.
public final class ReplicaSetController implements LegacyController<ReplicaSetController.Seen> {
    private static final int BURST = 500;

    /// A set, the pods that are, or could be, its own, and how many pods of the same Deployment each node has.
    public record Seen(View set, List<View> pods, Map<String, Integer> crowds) {}

    /// What the two kinds differ in.
    record Flavour(String name, String queue, ResourceType<View> type, boolean countsTerminating) {}

    private static final Metric DELETION_AGE = Metric.histogram(
            "replicaset_controller_sorting_deletion_age_ratio",
            "[ALPHA] Age of pods chosen for deletion against the youngest ready pod's; meant to be below 2.",
            Metric.exponential(0.25, 2, 6));

    private final Flavour flavour;

    private ReplicaSetController(Flavour flavour) {
        this.flavour = flavour;
    }

    public static ReplicaSetController replicaSets() {
        return new ReplicaSetController(
                new Flavour("replicaset-controller", "replicaset", Resources.REPLICA_SETS.untyped(), true));
    }

    public static ReplicaSetController replicationControllers() {
        return new ReplicaSetController(new Flavour(
                "replication-controller", "replicationmanager", Resources.REPLICATION_CONTROLLERS.untyped(), false));
    }

    @Override
    public String name() {
        return flavour.name;
    }

    @Override
    public String queue() {
        return flavour.queue;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(DELETION_AGE);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(flavour.type, LegacyController::self), new Input(Resources.PODS.untyped(), this::setsOf));
    }

    @Override
    public List<Permission> permissions() {
        var plural = flavour.type.plural();
        return List.of(
                Permission.of(
                        flavour.type.group(), plural + "," + plural + "/status," + plural + "/finalizers", "update"),
                Permission.of("", "pods", "create,delete,patch"));
    }

    /// The set that has a pod, or those that could adopt it.
    private List<ObjectKey> setsOf(Caches caches, View pod) {
        return Claims.ownersOf(caches, flavour.type, pod, ReplicaSetController::selector);
    }

    private static LabelSelector selector(View set) {
        var selector = set.spec().get("selector");
        return set.get("kind").string().equals("ReplicationController")
                ? LabelSelector.ofLabels(selector.stringMap())
                : LabelSelector.ofObject(selector);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var set = caches.of(flavour.type).get(key);
        if (!set.exists()) return null;
        var pods = Claims.of(set, selector(set)).candidates(caches.of(Resources.PODS.untyped()));
        var crowds = new HashMap<String, Integer>();
        if (pods.size() > set.spec().get("replicas").intOr(1)) {
            var owner = set.controller().get("uid").string();
            var related =
                    owner.isEmpty() ? List.of(set) : caches.of(flavour.type).byIndex(Cache.CONTROLLER, owner);
            for (var each : related)
                for (var pod : caches.of(Resources.PODS.untyped()).ownedBy(each))
                    if (Pods.active(pod)) crowds.merge(Pods.node(pod), 1, Integer::sum);
        }
        return new Seen(set, pods, crowds);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var actions = new ArrayList<Action>();
        var owned = Claims.of(set, selector(set))
                .claim(flavour.type, Resources.PODS.untyped(), seen.pods, Pods::active, actions);
        var active = owned.stream().filter(Pods::active).toList();
        var status = new ReplicaStatus(flavour, set, owned, now);
        boolean creating = false;
        if (!set.deleting()) {
            int missing = set.spec().get("replicas").intOr(1) - active.size();
            creating = missing > 0;
            if (creating) create(set, Math.min(missing, BURST), status, actions);
            else delete(seen, active, Math.min(-missing, BURST), now, actions);
        }
        // What failed to be created says so until it succeeds; then this comes after.
        status.update(View.of(null)).ifPresent(actions::add);
        return LegacyController.decision(actions, nextAvailability(set, active, now));
    }

    private void create(View set, int count, ReplicaStatus status, List<Action> actions) {
        for (int i = 0; i < count; i++)
            actions.add(new Action.Create(
                    Resources.PODS.untyped(),
                    Pods.fromTemplate(set.spec().get("template"), set, flavour.type),
                    EventTemplate.created(set, "pod"),
                    List.of(),
                    Optional.of(status.refused("FailedCreate"))));
    }

    private static void delete(Seen seen, List<View> active, int count, Instant now, List<Action> actions) {
        if (count == 0) return;
        var byRank = new ArrayList<>(active);
        byRank.sort(deletionOrder(seen.crowds, now));
        var youngest = byRank.stream()
                .filter(Pods::ready)
                .map(Pods::created)
                .max(Comparator.naturalOrder())
                .orElse(now);
        for (var victim : byRank.subList(0, count))
            actions.add(new Action.Delete(
                    Resources.PODS.untyped(),
                    victim.key(),
                    victim.uid(),
                    EventTemplate.deleted(seen.set, "pod", victim.name())
                            .counting(deletionAge(victim, youngest, now), List.of())));
    }

    private static List<Metric.Sample> deletionAge(View victim, Instant youngest, Instant now) {
        long least = Duration.between(youngest, now).toMillis();
        if (!Pods.ready(victim) || least <= 0) return List.of();
        return List.of(
                DELETION_AGE.of(Duration.between(Pods.created(victim), now).toMillis() / least));
    }

    /// Which pods are missed least: not assigned, pending, not ready, cheap by annotation, crowded on their node, ready
    /// for the shortest time, often restarted, young.
    static Comparator<View> deletionOrder(Map<String, Integer> crowds, Instant now) {
        return Comparator.<View, Boolean>comparing(pod -> !Pods.node(pod).isEmpty())
                .thenComparing(pod -> switch (pod.status().get("phase").string()) {
                    case "Pending" -> 0;
                    case "Unknown" -> 1;
                    default -> 2;
                })
                .thenComparing(Pods::ready)
                .thenComparing(ReplicaSetController::cost)
                .thenComparing(pod -> -crowds.getOrDefault(Pods.node(pod), 0))
                .thenComparing(pod -> Pods.ready(pod) ? logarithm(Pods.readySince(pod), now) : 0)
                .thenComparing(pod -> -Pods.restarts(pod))
                .thenComparing(pod -> logarithm(Pods.created(pod), now))
                .thenComparing(View::uid);
    }

    /// How long ago, by powers of ten: within one, none is preferred, so that not all young pods of one node go.
    private static int logarithm(Instant since, Instant now) {
        long age = Math.max(0, Duration.between(since, now).toNanos());
        return age == 0 ? -1 : (int) Math.log10(age);
    }

    private static long cost(View pod) {
        try {
            return Long.parseLong(pod.annotation("controller.kubernetes.io/pod-deletion-cost"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Duration nextAvailability(View set, List<View> active, Instant now) {
        return Pods.nextAvailability(active, set.spec().get("minReadySeconds").longOr(0), now);
    }
}
