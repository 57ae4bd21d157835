package io.navarch.controllers.replicaset;

import io.navarch.client.Informers;
import io.navarch.client.ResourceType;
import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Keeps as many pods as a ReplicaSet wants, and counts them.
public final class ReplicaSetController implements Controller<ReplicaSetController.Seen> {
    private static final int BURST = 500;

    /// A ReplicaSet and the pods that are, or could be, its own.
    public record Seen(View set, List<View> pods) {}

    @Override
    public String name() {
        return "replicaset-controller";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(ResourceType.REPLICA_SETS, Controller::self),
                new Input(ResourceType.PODS, pod -> Controller.owner(pod, "ReplicaSet")));
    }

    @Override
    public Seen observe(Informers caches, ObjectKey key) {
        var set = caches.of(ResourceType.REPLICA_SETS).get(key);
        if (!set.exists()) return null;
        var selector = LabelSelector.ofObject(set.spec().get("selector"));
        var candidates = caches.of(ResourceType.PODS).ownedOrOrphaned(set);
        return new Seen(
                set,
                candidates.stream()
                        .filter(pod -> Owners.owns(set, pod) || Owners.adoptable(set, selector, pod))
                        .toList());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var set = seen.set;
        var actions = new ArrayList<Action>();
        var selector = LabelSelector.ofObject(set.spec().get("selector"));
        var active = new ArrayList<View>();
        for (var pod : seen.pods) {
            if (!Owners.owns(set, pod)) {
                if (!Pods.active(pod)) continue;
                actions.add(new Action.Patch(
                        ResourceType.PODS,
                        pod.key(),
                        "",
                        Owners.adoption(pod, Owners.reference(set, "apps/v1", "ReplicaSet"))));
                active.add(pod);
            } else if (!selector.matches(pod.labels())) {
                if (!set.deleting())
                    actions.add(new Action.Patch(ResourceType.PODS, pod.key(), "", Owners.release(pod, set)));
            } else if (Pods.active(pod)) {
                active.add(pod);
            }
        }
        if (!set.deleting()) scale(set, active, now, actions);
        status(set, active, now, actions);
        return new Decision(actions, nextAvailability(set, active, now));
    }

    private static void scale(View set, List<View> active, Instant now, List<Action> actions) {
        int missing = set.spec().get("replicas").intOr(1) - active.size();
        if (missing > 0) {
            for (int i = 0; i < Math.min(missing, BURST); i++)
                actions.add(new Action.Create(ResourceType.PODS, pod(set), set));
            return;
        }
        var byRank = new ArrayList<>(active);
        byRank.sort(deletionOrder(set, active, now));
        for (int i = 0; i < Math.min(-missing, BURST); i++) {
            var victim = byRank.get(i);
            actions.add(new Action.Delete(ResourceType.PODS, victim.key(), victim.uid()));
            actions.add(new Action.Emit(set, "Normal", "SuccessfulDelete", "Deleted pod: " + victim.name()));
        }
    }

    private static Map<String, Object> pod(View set) {
        var template = set.spec().get("template");
        var metadata = Trees.copy(template.metadata().map());
        var prefix = set.name() + "-";
        metadata.remove("name");
        metadata.put("generateName", prefix);
        metadata.put("namespace", set.namespace());
        metadata.put("ownerReferences", Trees.list(Owners.reference(set, "apps/v1", "ReplicaSet")));
        return Trees.map(
                "metadata", metadata, "spec", Trees.copy(template.spec().map()));
    }

    /// Which pods are missed least: not assigned, pending, not ready, cheap by annotation, crowded on their node, ready
    /// for the shortest time, often restarted, young.
    static Comparator<View> deletionOrder(View set, List<View> active, Instant now) {
        return Comparator.<View, Boolean>comparing(
                        pod -> !pod.spec().get("nodeName").string().isEmpty())
                .thenComparing(pod -> switch (pod.status().get("phase").string()) {
                    case "Pending" -> 0;
                    case "Unknown" -> 1;
                    default -> 2;
                })
                .thenComparing(Pods::ready)
                .thenComparing(pod -> cost(pod))
                .thenComparing(pod -> -active.stream()
                        .filter(other -> other.spec()
                                .get("nodeName")
                                .string()
                                .equals(pod.spec().get("nodeName").string()))
                        .count())
                .thenComparing(pod -> {
                    var since = Pods.availableAt(pod, 0);
                    return since == null ? 0L : -since.getEpochSecond();
                })
                .thenComparing(pod -> -pod.status().get("containerStatuses").stream()
                        .mapToLong(status -> status.get("restartCount").longOr(0))
                        .sum())
                .thenComparing(pod -> {
                    var created = Timestamps.parse(
                            pod.metadata().get("creationTimestamp").string());
                    return created == null ? 0L : -created.getEpochSecond();
                });
    }

    private static long cost(View pod) {
        try {
            return Long.parseLong(pod.annotation("controller.kubernetes.io/pod-deletion-cost"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static void status(View set, List<View> active, Instant now, List<Action> actions) {
        long minimum = set.spec().get("minReadySeconds").longOr(0);
        var labels = LabelSelector.ofLabels(set.spec().get("template").labels());
        long ready = active.stream().filter(Pods::ready).count();
        long available =
                active.stream().filter(pod -> Pods.available(pod, minimum, now)).count();
        long labelled =
                active.stream().filter(pod -> labels.matches(pod.labels())).count();
        var status = Trees.copy(set.status().map());
        status.put("replicas", (long) active.size());
        status.put("fullyLabeledReplicas", labelled);
        status.put("readyReplicas", ready);
        status.put("availableReplicas", available);
        status.put("observedGeneration", set.metadata().get("generation").longOr(0));
        for (var counter : List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas")) {
            if (status.get(counter).equals(0L)) status.remove(counter);
        }
        if (Trees.semanticEquals(status, set.status().map())) return;
        var object = Trees.copy(set.map());
        object.put("status", status);
        actions.add(new Action.Update(ResourceType.REPLICA_SETS, object, "status"));
    }

    private static Duration nextAvailability(View set, List<View> active, Instant now) {
        long minimum = set.spec().get("minReadySeconds").longOr(0);
        if (minimum == 0) return null;
        return active.stream()
                .map(pod -> Pods.availableAt(pod, minimum))
                .filter(at -> at != null && at.isAfter(now))
                .min(Comparator.naturalOrder())
                .map(at -> Duration.between(now, at).plusMillis(50))
                .orElse(null);
    }
}
