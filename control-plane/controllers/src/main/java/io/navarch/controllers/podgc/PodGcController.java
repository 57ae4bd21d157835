package io.navarch.controllers.podgc;

import io.navarch.client.Caches;
import io.navarch.controllers.Disruption;
import io.navarch.controllers.PodsByNode;
import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
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
public final class PodGcController implements Controller<PodGcController.Seen> {
    /// kube-controller-manager's `--terminated-pod-gc-threshold`.
    private static final int MOST_ENDED = 12_500;

    /// A node that is just being created may appear a moment after its pods.
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

    /// What is seen for a key: either of a node, or of one of the two keys that stand for all pods of a sort.
    public sealed interface Seen {}

    /// @param node absent when there is none of the name that the pods name
    private record OfNode(Node node, List<Pod> pods) implements Seen {}

    private record Ended(List<Pod> pods) implements Seen {}

    /// Pods that were deleted before they had a node.
    private record Lost(List<Pod> pods) implements Seen {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("pod-garbage-collector")
                .queue("orphaned_pods_nodes")
                .watches(Resources.NODES, Controller::self)
                .watches(Resources.PODS, PodGcController::keys)
                .may("", "pods", "delete")
                .may("", "pods/status", "patch")
                .metrics(DELETIONS, ERRORS)
                .build();
    }

    private static List<ObjectKey> keys(Pod pod) {
        var node = new ObjectKey("", pod.spec().nodeName());
        if (Pods.ended(pod)) return List.of(new ObjectKey(ENDED, ""), node);
        if (Pods.assigned(pod)) return List.of(node);
        return pod.deleting() ? List.of(new ObjectKey(LOST, "")) : List.of();
    }

    @Override
    public void prepare(Caches caches) {
        PodsByNode.index(caches)
                .indexedBy(ENDED, pod -> Pods.ended(pod) ? List.of("") : List.of())
                .indexedBy(LOST, pod -> !Pods.assigned(pod) && pod.deleting() ? List.of("") : List.of());
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var pods = caches.of(Resources.PODS);
        if (key.namespace().equals(LOST)) return Optional.of(new Lost(pods.byIndex(LOST, "")));
        if (key.namespace().equals(ENDED))
            return pods.count(ENDED, "") > MOST_ENDED
                    ? Optional.of(new Ended(pods.byIndex(ENDED, "")))
                    : Optional.empty();
        var node = caches.of(Resources.NODES).get(key);
        boolean outOfService =
                node.spec().taints().stream().anyMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
        return node.exists() && !outOfService
                ? Optional.empty()
                : Optional.of(new OfNode(node, PodsByNode.on(caches, key.name())));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return switch (seen) {
            case Ended ended -> Decision.of(tooMany(ended.pods));
            case Lost lost ->
                Decision.of(lost.pods.stream()
                        .map(pod -> delete(pod, PodGcReason.UNSCHEDULED))
                        .toList());
            case OfNode(Node node, List<Pod> pods) -> node.exists() ? outOfService(node, pods, now) : gone(pods, now);
        };
    }

    private record Aged(Instant created, Pod pod) {}

    /// Ended pods beyond the limit, the oldest first.
    private static List<Action> tooMany(List<Pod> ended) {
        return ended.stream()
                .map(pod -> new Aged(pod.created(), pod))
                .sorted(Comparator.comparing(Aged::created).thenComparing(aged -> aged.pod.uid()))
                .limit(ended.size() - MOST_ENDED)
                .map(aged -> delete(aged.pod, PodGcReason.TERMINATED))
                .toList();
    }

    private static Decision gone(List<Pod> pods, Instant now) {
        var decision = Decision.builder();
        for (var pod : pods) {
            var due = pod.created().plus(QUARANTINE);
            if (due.isAfter(now)) decision.requeueAfter(Duration.between(now, due));
            else decision.changes(fail(pod, PodGcReason.ORPHANED, now));
        }
        return decision.build();
    }

    private static Decision outOfService(Node node, List<Pod> pods, Instant now) {
        if (Nodes.ready(node)) return Decision.NOTHING;
        return Decision.of(pods.stream()
                .filter(Pod::deleting)
                .flatMap(pod -> fail(pod, PodGcReason.OUT_OF_SERVICE, now).stream())
                .toList());
    }

    /// Nobody will report on the pod any more: it has failed.
    private static List<Action> fail(Pod pod, PodGcReason reason, Instant now) {
        var actions = new ArrayList<Action>();
        Disruption.failed(pod, reason, now).ifPresent(actions::add);
        actions.add(delete(pod, reason));
        return actions;
    }

    private static Action delete(Pod pod, PodGcReason reason) {
        var counted = EventTemplate.NONE.counting(
                List.of(DELETIONS.once(pod.namespace(), reason.metric())),
                List.of(ERRORS.once(pod.namespace(), reason.metric())));
        return new Action.Delete(Resources.PODS, pod.key(), pod.uid(), Optional.of(0L), "", counted);
    }
}
