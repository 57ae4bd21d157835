package io.navarch.controllers.tainteviction;

import io.navarch.client.Caches;
import io.navarch.controllers.PodsByNode;
import io.navarch.controllers.TaintEviction;
import io.navarch.kinds.node.Taints;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import io.navarch.model.Toleration;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Deletes pods that do not tolerate a `NoExecute` taint of their node, or have tolerated it as long as they wanted.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
public final class TaintEvictionController implements Controller<TaintEvictionController.Seen> {
    private static final TaintEviction EVICTION = new TaintEviction(
            "taint_eviction_controller",
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint",
            "TaintManagerEviction");

    /// @param taints of the pod's node
    public record Seen(Pod pod, List<Taint> taints) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("taint-eviction-controller")
                .queue("noexec_taint_pod")
                .watches(Resources.NODES, TaintEvictionController::podsOf)
                // A taint that comes later wakes the node's pods.
                .watches(Resources.PODS, TaintEvictionController::selfWhereTainted)
                .may("", "pods", "delete")
                .may("", "pods/status", "patch")
                .metrics(EVICTION.metrics())
                .build();
    }

    private static List<ObjectKey> podsOf(Caches caches, Node node) {
        if (noExecute(node).isEmpty()) return List.of();
        return PodsByNode.on(caches, node.name()).stream().map(Pod::key).toList();
    }

    private static List<ObjectKey> selfWhereTainted(Caches caches, Pod pod) {
        return noExecute(node(caches, pod)).isEmpty() ? List.of() : List.of(pod.key());
    }

    private static Node node(Caches caches, Pod pod) {
        return caches.of(Resources.NODES).get(new ObjectKey("", pod.spec().nodeName()));
    }

    private static List<Taint> noExecute(Node node) {
        return node.spec().taints().stream()
                .filter(taint -> taint.effect() == TaintEffect.NO_EXECUTE)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        PodsByNode.index(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS).get(key);
        if (!pod.exists() || !Pods.assigned(pod) || pod.deleting()) return Optional.empty();
        var taints = noExecute(node(caches, pod));
        return taints.isEmpty() ? Optional.empty() : Optional.of(new Seen(pod, taints));
    }

    /// The pod must go when the first of its tolerations has run out.
    @Override
    public Decision decide(Seen seen, Instant now) {
        var end = seen.taints.stream()
                .flatMap(taint -> end(seen.pod, taint, now).stream())
                .min(Comparator.naturalOrder());
        return EVICTION.decide(seen.pod, end, now);
    }

    /// When the pod must go because of one taint: at once when it is not tolerated; empty when the pod may stay.
    private static Optional<Instant> end(Pod pod, Taint taint, Instant now) {
        var tolerations = pod.spec().tolerations().stream()
                .filter(toleration -> Taints.tolerates(toleration, taint))
                .toList();
        if (tolerations.isEmpty()) return Optional.of(now);
        // A pod that came after the taint tolerates it from then on.
        var created = pod.metadata().creationTimestamp().orElse(Instant.EPOCH);
        var since = taint.timeAdded().filter(added -> !added.isBefore(created)).orElse(created);
        return tolerations.stream()
                .filter(Toleration::hasTolerationSeconds)
                .map(toleration -> since.plusSeconds(Math.max(0, toleration.tolerationSeconds())))
                .min(Comparator.naturalOrder());
    }
}
