package io.navarch.controllers.node;

import io.navarch.client.Caches;
import io.navarch.controllers.PodsByNode;
import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Node;
import io.navarch.model.NodeCondition;
import io.navarch.model.NodeConditionType;
import io.navarch.model.NodeSpec;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.Resources;
import io.navarch.model.Taint;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Watches the leases of nodes: the conditions of one that has been silent too long become Unknown. Taints follow from
/// a node's conditions, and pods of a node that is not ready are not ready either.
public final class NodeLifecycleController implements Controller<NodeLifecycleController.Seen> {
    /// kube-controller-manager's `--node-monitor-grace-period`.
    private static final Duration GRACE = Duration.ofSeconds(50);

    /// kube-controller-manager's `--node-monitor-period`.
    private static final Duration CHECK = Duration.ofSeconds(5);

    private static final String LEASES = "kube-node-lease";
    private static final List<String> REPORTED = List.of(
            NodeConditionType.MEMORY_PRESSURE,
            NodeConditionType.DISK_PRESSURE,
            NodeConditionType.PID_PRESSURE,
            NodeConditionType.READY);

    /// The uids of nodes that have been looked at, by name: those that come are told of, by each process once.
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /// @param registered whether the node was never looked at before
    /// @param silence since it last said something
    public record Seen(Node node, List<Pod> pods, Zone zone, boolean registered, Duration silence) {}

    private final Heartbeats heartbeats;

    public NodeLifecycleController() {
        this(System::nanoTime);
    }

    private NodeLifecycleController(LongSupplier nanos) {
        heartbeats = new Heartbeats(nanos);
    }

    /// @param nanos time that nobody can set
    public static NodeLifecycleController timedBy(LongSupplier nanos) {
        return new NodeLifecycleController(nanos);
    }

    /// Why a condition of a node is not known.
    enum Silence implements Reason {
        STOPPED("NodeStatusUnknown", "Kubelet stopped posting node status."),
        NEVER_STARTED("NodeStatusNeverUpdated", "Kubelet never posted node status.");

        private final String reason;
        private final String message;

        Silence(String reason, String message) {
            this.reason = reason;
            this.message = message;
        }

        static Silence of(NodeCondition condition) {
            return condition.exists() ? STOPPED : NEVER_STARTED;
        }

        @Override
        public String reason() {
            return reason;
        }

        @Override
        public String message() {
            return message;
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("node-controller")
                .queue("node_lifecycle_controller")
                .watches(Resources.NODES, Controller::self)
                // A pod that comes to a silent node is not ready there.
                .watches(Resources.PODS, NodeLifecycleController::unreadyNodeOf)
                .reads(Resources.LEASES)
                .may("", "nodes", "patch")
                .may("", "nodes/status,pods/status", "update,patch")
                .metrics(ZoneMetrics.ALL)
                .build();
    }

    private static List<ObjectKey> unreadyNodeOf(Caches caches, Pod pod) {
        if (!Pods.ready(pod)) return List.of();
        var node = caches.of(Resources.NODES).get(new ObjectKey("", pod.spec().nodeName()));
        return node.exists() && !Nodes.ready(node) ? List.of(node.key()) : List.of();
    }

    @Override
    public List<Metric.Sample> syncMetrics(Seen seen, Decision decision, Duration took, boolean failed) {
        if (!failed) known.put(seen.node.name(), seen.node.uid());
        return List.of(ZoneMetrics.LOOK.of(took.toNanos() / 1e9));
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        return ZoneMetrics.gauges(caches.of(Resources.NODES).all());
    }

    @Override
    public void prepare(Caches caches) {
        PodsByNode.index(caches);
        Zone.index(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var node = caches.of(Resources.NODES).get(key);
        if (!node.exists()) {
            known.remove(key.name());
            heartbeats.forget(key.name());
            return Optional.empty();
        }
        boolean registered = !node.uid().equals(known.get(key.name()));
        var lease = caches.of(Resources.LEASES).get(new ObjectKey(LEASES, key.name()));
        var pods = PodsByNode.on(caches, key.name());
        return Optional.of(new Seen(node, pods, Zone.of(caches, node), registered, heartbeats.silence(node, lease)));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var node = seen.node;
        var decision = Decision.builder();
        if (seen.registered)
            decision.event(Action.RecordEvent.normal(
                    node,
                    "RegisteredNode",
                    "Node " + node.name() + " event: Registered Node " + node.name() + " in Controller"));
        var condition = Nodes.condition(node, NodeConditionType.READY);
        boolean silent = seen.silence.compareTo(GRACE) > 0;
        boolean reported = !silent || condition.status() == ConditionStatus.UNKNOWN;
        if (silent) decision.waitingOn(Silence.of(condition));
        if (!reported)
            decision.change(unknown(node, now))
                    .event(Action.RecordEvent.normal(
                            node, "NodeNotReady", "Node " + node.name() + " status is now: NodeNotReady"));
        var ready = silent ? ConditionStatus.UNKNOWN : condition.status();
        // The pace of a zone counts this node as it is written: until then it waits.
        var wait = ready == ConditionStatus.TRUE || !reported
                ? Optional.<Duration>empty()
                : seen.zone.untilEviction(node, now);
        boolean evict = wait.filter(Duration::isZero).isPresent();
        decision.changes(taint(node, NodeTaints.wanted(node, ready, evict, now)));
        if (ready != ConditionStatus.TRUE) decision.changes(unready(seen.pods, now));
        return decision.requeueAfter(CHECK)
                .requeueAfter(wait.filter(Duration::isPositive))
                .build();
    }

    /// The node with conditions that nobody knows.
    private static Action unknown(Node node, Instant now) {
        var conditions = REPORTED.stream().map(type -> unknown(node, type, now)).toList();
        return new Action.Update(
                Resources.NODES,
                node.toBuilder().status(status -> status.conditions(conditions)).build(),
                "status");
    }

    private static NodeCondition unknown(Node node, String type, Instant now) {
        var old = Nodes.condition(node, type);
        var silence = Silence.of(old);
        boolean known = old.status() != ConditionStatus.UNKNOWN;
        return NodeCondition.builder()
                .type(type)
                .status(ConditionStatus.UNKNOWN)
                .lastHeartbeatTime(
                        old.exists() ? old.lastHeartbeatTime() : node.metadata().creationTimestamp())
                .lastTransitionTime(known ? Optional.of(now) : old.lastTransitionTime())
                .reason(silence.reason())
                .message(silence.message())
                .build();
    }

    private static List<Action> taint(Node node, List<Taint> wanted) {
        var tainted = Node.builder()
                .metadata(metadata -> metadata.resourceVersion(node.resourceVersion()))
                .spec(spec -> spec.taints(wanted))
                .build();
        var known = node.spec().taints();
        if (tainted.spec().raw(NodeSpec.TAINTS).semanticEquals(node.spec().raw(NodeSpec.TAINTS))) return List.of();
        var actions = new ArrayList<Action>();
        actions.add(Action.Patch.of(Resources.NODES, node, tainted));
        if (NodeTaints.evict(wanted) && !NodeTaints.evict(known))
            actions.add(new Action.RecordMetric(ZoneMetrics.eviction(node)));
        return actions;
    }

    private static List<Action> unready(List<Pod> pods, Instant now) {
        return pods.stream()
                .filter(Pods::ready)
                .<Action>flatMap(pod -> Stream.of(
                        new Action.Update(Resources.PODS, unready(pod, now), "status"),
                        Action.RecordEvent.warning(pod, "NodeNotReady", "Node is not ready")))
                .toList();
    }

    private static Pod unready(Pod pod, Instant now) {
        var conditions = pod.status().conditions().stream()
                .map(condition -> condition.type().equals(PodConditionType.READY)
                        ? condition.toBuilder()
                                .status(ConditionStatus.FALSE)
                                .lastTransitionTime(now)
                                .build()
                        : condition)
                .toList();
        return pod.toBuilder().status(status -> status.conditions(conditions)).build();
    }
}
