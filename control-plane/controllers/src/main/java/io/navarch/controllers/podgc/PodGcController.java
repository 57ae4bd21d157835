package io.navarch.controllers.podgc;

import io.navarch.client.Caches;
import io.navarch.controllers.Disruption;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Removes pods of nodes that are gone or out of service, pods that were deleted before they had a node, and ended pods
/// beyond a limit.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection
public final class PodGcController implements LegacyController<PodGcController.Seen> {
    /// kube-controller-manager's `--terminated-pod-gc-threshold`.
    private static final int MOST_ENDED = 12_500;

    /// A node that is just being made may come a moment after its pods.
    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private static final Metric DELETIONS = Metric.counter(
            "pod_gc_collector_force_delete_pods_total", "[ALPHA] Pods deleted without grace.", "namespace", "reason");
    private static final Metric ERRORS = Metric.counter(
            "pod_gc_collector_force_delete_pod_errors_total",
            "[ALPHA] Pods that could not be deleted without grace.",
            "namespace",
            "reason");
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
    private static final String ENDED = "ended";
    private static final String LOST = "lost";

    /// @param node absent when there is none of the name that the pods name
    /// @param pods those of the node; those without one that are to go; or the ended ones, the oldest first
    public record Seen(ObjectKey key, View node, List<View> pods) {}

    @Override
    public String name() {
        return "pod-garbage-collector";
    }

    @Override
    public String queue() {
        return "orphaned_pods_nodes";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(DELETIONS, ERRORS);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.NODES.untyped(), LegacyController::self),
                new Input(Resources.PODS.untyped(), PodGcController::keys));
    }

    private static List<ObjectKey> keys(View pod) {
        if (Pods.ended(pod)) return List.of(new ObjectKey(ENDED, ""), new ObjectKey("", Pods.node(pod)));
        if (!Pods.node(pod).isEmpty()) return List.of(new ObjectKey("", Pods.node(pod)));
        return pod.deleting() ? List.of(new ObjectKey(LOST, "")) : List.of();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "pods", "delete"), Permission.of("", "pods/status", "patch"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PODS.untyped())
                .indexedBy(Pods.BY_NODE, Pods::nodeOf)
                .indexedBy(ENDED, pod -> Pods.ended(pod) ? List.of("") : List.of())
                .indexedBy(LOST, pod -> Pods.node(pod).isEmpty() && pod.deleting() ? List.of("") : List.of());
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var pods = caches.of(Resources.PODS.untyped());
        if (key.namespace().equals(LOST)) return new Seen(key, View.of(null), pods.byIndex(LOST, ""));
        if (key.namespace().equals(ENDED)) {
            return pods.count(ENDED, "") > MOST_ENDED ? new Seen(key, View.of(null), pods.byIndex(ENDED, "")) : null;
        }
        var node = caches.of(Resources.NODES.untyped()).get(key);
        boolean gone = !node.exists()
                || node.spec().get("taints").find("key", OUT_OF_SERVICE).exists();
        return gone ? new Seen(key, node, pods.byIndex(Pods.BY_NODE, key.name())) : null;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        if (seen.key.namespace().equals(ENDED)) {
            seen.pods.stream()
                    .sorted(Comparator.comparing(Pods::created).thenComparing(View::uid))
                    .limit(seen.pods.size() - MOST_ENDED)
                    .forEach(pod -> actions.add(forced(pod, "terminated")));
            return Decision.of(actions);
        }
        if (seen.key.namespace().equals(LOST)) {
            for (var pod : seen.pods) actions.add(forced(pod, "unscheduled"));
            return Decision.of(actions);
        }
        if (seen.node.exists()) return outOfService(seen, actions, now);
        Instant next = null;
        for (var pod : seen.pods) {
            var due = Pods.created(pod).plus(QUARANTINE);
            if (!due.isAfter(now)) {
                Disruption.failed(Pod.of(pod), Reason.of("DeletionByPodGC", "PodGC: node no longer exists"), now)
                        .ifPresent(actions::add);
                actions.add(forced(pod, "orphaned"));
            } else if (next == null || due.isBefore(next)) next = due;
        }
        return LegacyController.decision(actions, next == null ? null : Duration.between(now, next));
    }

    private static Decision outOfService(Seen seen, List<Action> actions, Instant now) {
        if (seen.node.condition("Ready").equals("True")) return Decision.NOTHING;
        for (var pod : seen.pods) {
            if (!pod.deleting()) continue;
            Disruption.failed(Pod.of(pod), Reason.of("DeletionByPodGC", "PodGC: node is out-of-service"), now)
                    .ifPresent(actions::add);
            actions.add(forced(pod, "out-of-service"));
        }
        return Decision.of(actions);
    }

    /// @param reason as metrics call it
    private static Action forced(View pod, String reason) {
        var story = EventTemplate.NONE.counting(
                List.of(DELETIONS.once(pod.namespace(), reason)), List.of(ERRORS.once(pod.namespace(), reason)));
        return new Action.Delete(Resources.PODS.untyped(), pod.key(), pod.uid(), Optional.of(0L), "", story);
    }
}
