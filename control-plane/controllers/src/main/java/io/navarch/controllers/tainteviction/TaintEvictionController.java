package io.navarch.controllers.tainteviction;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.controllers.TaintEviction;
import io.navarch.kinds.node.Taints;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;

/// Deletes pods that do not tolerate a `NoExecute` taint of their node, or have tolerated it as long as they wanted.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
public final class TaintEvictionController implements LegacyController<TaintEvictionController.Seen> {
    private static final TaintEviction EVICTION = new TaintEviction(
            "taint_eviction_controller",
            "DeletionByTaintManager",
            "Taint manager: deleting due to NoExecute taint",
            "TaintManagerEviction");

    /// A pod and the node it is on.
    public record Seen(View pod, View node) {}

    @Override
    public String name() {
        return "taint-eviction-controller";
    }

    @Override
    public String queue() {
        return "noexec_taint_pod";
    }

    @Override
    public List<Metric> metrics() {
        return EVICTION.metrics();
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.NODES.untyped(), TaintEvictionController::podsOf),
                // A taint that comes later brings the node's pods here.
                new Input(Resources.PODS.untyped(), TaintEvictionController::selfWhereTainted));
    }

    private static List<ObjectKey> podsOf(Caches caches, View node) {
        if (noExecute(node).isEmpty()) return List.of();
        return caches.of(Resources.PODS.untyped()).byIndex(Pods.BY_NODE, node.name()).stream()
                .map(View::key)
                .toList();
    }

    private static List<ObjectKey> selfWhereTainted(Caches caches, View pod) {
        return noExecute(node(caches, pod)).isEmpty() ? List.of() : List.of(pod.key());
    }

    private static View node(Caches caches, View pod) {
        return caches.of(Resources.NODES.untyped()).get(new ObjectKey("", Pods.node(pod)));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "pods", "delete"), Permission.of("", "pods/status", "patch"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PODS.untyped()).indexedBy(Pods.BY_NODE, Pods::nodeOf);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var pod = caches.of(Resources.PODS.untyped()).get(key);
        if (!pod.exists() || Pods.node(pod).isEmpty() || pod.deleting()) return null;
        var node = node(caches, pod);
        return noExecute(node).isEmpty() ? null : new Seen(pod, node);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return EVICTION.decide(seen.pod, end(seen.pod, noExecute(seen.node), now), now);
    }

    private static List<View> noExecute(View node) {
        return node.spec().get("taints").stream()
                .filter(taint -> taint.get("effect").string().equals("NoExecute"))
                .toList();
    }

    /// When the pod must go: at once when a taint is not tolerated, else when the first toleration has run out; `null`
    /// when it may stay.
    private static Instant end(View pod, List<View> taints, Instant now) {
        Instant end = null;
        for (var taint : taints) {
            var tolerations = pod.spec().get("tolerations").stream()
                    .filter(toleration -> Taints.tolerates(toleration, taint))
                    .toList();
            if (tolerations.isEmpty()) return now;
            var added = Timestamps.parse(taint.get("timeAdded").string());
            // A pod that came after the taint tolerates it from then on.
            var since = added == null || added.isBefore(Pods.created(pod)) ? Pods.created(pod) : added;
            for (var toleration : tolerations) {
                if (!toleration.get("tolerationSeconds").exists()) continue;
                var own = since.plusSeconds(
                        Math.max(0, toleration.get("tolerationSeconds").longOr(0)));
                if (end == null || own.isBefore(end)) end = own;
            }
        }
        return end;
    }
}
