package io.navarch.controllers.node;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Watches the leases of nodes: one that is silent too long gets its conditions set to Unknown, and taints by its
/// conditions.
public final class NodeLifecycleController implements LegacyController<NodeLifecycleController.Seen> {
    /// kube-controller-manager's `--node-monitor-grace-period`.
    private static final Duration GRACE = Duration.ofSeconds(50);

    private static final Duration CHECK = Duration.ofSeconds(5);
    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final List<String> PRESSURES =
            List.of("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable");

    public record Seen(View node, View lease, List<View> pods, Collection<View> nodes) {}

    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public String queue() {
        return "node_lifecycle_controller";
    }

    @Override
    public List<Metric> metrics() {
        return ZoneMetrics.ALL;
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        return List.of(ZoneMetrics.LOOK.of(took.toNanos() / 1e9));
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        return ZoneMetrics.state(caches.of(Resources.NODES.untyped()).all());
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.NODES.untyped(), LegacyController::self),
                // A pod that comes to a silent node is not ready there.
                new Input(Resources.PODS.untyped(), NodeLifecycleController::nodeOf),
                new Input(Resources.LEASES.untyped(), lease -> List.of()));
    }

    private static List<ObjectKey> nodeOf(Caches caches, View pod) {
        if (!Pods.ready(pod)) return List.of();
        var node = caches.of(Resources.NODES.untyped()).get(new ObjectKey("", Pods.node(pod)));
        return node.exists() && !node.condition("Ready").equals("True") ? List.of(node.key()) : List.of();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("", "nodes", "patch"), Permission.of("", "nodes/status,pods/status", "update,patch"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PODS.untyped()).indexedBy(Pods.BY_NODE, Pods::nodeOf);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var node = caches.of(Resources.NODES.untyped()).get(key);
        if (!node.exists()) return null;
        var pods = caches.of(Resources.PODS.untyped()).byIndex(Pods.BY_NODE, key.name());
        var lease = caches.of(Resources.LEASES.untyped()).get(new ObjectKey("kube-node-lease", key.name()));
        return new Seen(node, lease, pods, caches.of(Resources.NODES.untyped()).all());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        boolean silent = silent(seen, now);
        if (silent && !seen.node.condition("Ready").equals("Unknown")) markUnknown(seen.node, now, actions);
        var ready = silent ? "Unknown" : seen.node.condition("Ready");
        // What is known of all nodes must know this one as it is.
        boolean told = ready.equals(seen.node.condition("Ready"));
        var wait = ready.equals("True") || !told
                ? null
                : Zone.of(seen.node, seen.nodes).untilEviction(seen.node, now);
        taint(seen.node, ready, wait != null && wait.isZero(), now, actions);
        if (!ready.equals("True")) notReady(seen, actions);
        boolean soon = wait != null && wait.isPositive() && wait.compareTo(CHECK) < 0;
        return LegacyController.decision(actions, soon ? wait : CHECK);
    }

    private static boolean silent(Seen seen, Instant now) {
        var renewed = Timestamps.parse(seen.lease.spec().get("renewTime").string());
        var reported = Timestamps.parse(seen.node
                .status()
                .get("conditions")
                .find("type", "Ready")
                .get("lastHeartbeatTime")
                .string());
        var created =
                Timestamps.parse(seen.node.metadata().get("creationTimestamp").string());
        var latest = created;
        for (var time : new Instant[] {renewed, reported})
            if (time != null && (latest == null || time.isAfter(latest))) latest = time;
        return latest == null || latest.plus(GRACE).isBefore(now);
    }

    private static void markUnknown(View node, Instant now, List<Action> actions) {
        var object = Trees.copy(node.map());
        var conditions = new ArrayList<Object>();
        var time = Timestamps.seconds(now);
        for (var type : List.of("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")) {
            var old = node.status().get("conditions").find("type", type);
            conditions.add(Trees.map(
                    "type", type,
                    "status", "Unknown",
                    "lastHeartbeatTime",
                            old.exists()
                                    ? old.get("lastHeartbeatTime").value()
                                    : node.metadata().get("creationTimestamp").value(),
                    "lastTransitionTime",
                            old.get("status").string().equals("Unknown")
                                    ? old.get("lastTransitionTime").value()
                                    : time,
                    "reason", old.exists() ? "NodeStatusUnknown" : "NodeStatusNeverUpdated",
                    "message",
                            old.exists()
                                    ? "Kubelet stopped posting node status."
                                    : "Kubelet never posted node status."));
        }
        Trees.put(object, conditions, "status", "conditions");
        actions.add(new Action.Update(Resources.NODES.untyped(), object, "status"));
        actions.add(Action.RecordEvent.normal(
                node, "NodeNotReady", "Node " + node.name() + " status is now: NodeNotReady"));
    }

    /// @param evict whether pods are driven away, besides that no new ones come
    private static void taint(View node, String ready, boolean evict, Instant now, List<Action> actions) {
        var wanted = new ArrayList<Object>();
        for (var taint : node.spec().get("taints").views()) if (!ours(taint)) wanted.add(taint.value());
        if (ready.equals("False") || ready.isEmpty()) addTaint(node, wanted, NOT_READY, evict, now);
        if (ready.equals("Unknown")) addTaint(node, wanted, UNREACHABLE, evict, now);
        for (var pressure : PRESSURES) {
            if (node.condition(pressure).equals("True"))
                wanted.add(Trees.map("key", "node.kubernetes.io/" + kebab(pressure), "effect", "NoSchedule"));
        }
        if (node.spec().get("unschedulable").bool()) {
            var existing = node.spec().get("taints").find("key", "node.kubernetes.io/unschedulable");
            wanted.add(
                    existing.exists()
                            ? existing.value()
                            : Trees.map(
                                    "key",
                                    "node.kubernetes.io/unschedulable",
                                    "effect",
                                    "NoSchedule",
                                    "timeAdded",
                                    Timestamps.seconds(now)));
        }
        if (Trees.semanticEquals(wanted, node.spec().get("taints").value())) return;
        actions.add(new Action.Patch(
                Resources.NODES.untyped(),
                node.key(),
                "",
                Trees.map(
                        "metadata",
                        Trees.map("resourceVersion", node.resourceVersion()),
                        "spec",
                        Trees.map("taints", wanted))));
        boolean driven = node.spec().get("taints").stream().anyMatch(NodeLifecycleController::drives);
        if (!driven && View.of(wanted).stream().anyMatch(NodeLifecycleController::drives))
            actions.add(new Action.RecordMetric(ZoneMetrics.eviction(node)));
    }

    private static boolean drives(View taint) {
        return ours(taint) && taint.get("effect").string().equals("NoExecute");
    }

    private static boolean ours(View taint) {
        var key = taint.get("key").string();
        return key.equals(NOT_READY)
                || key.equals(UNREACHABLE)
                || key.equals("node.kubernetes.io/unschedulable")
                || PRESSURES.stream().anyMatch(pressure -> key.equals("node.kubernetes.io/" + kebab(pressure)));
    }

    private static String kebab(String condition) {
        return condition.equals("PIDPressure")
                ? "pid-pressure"
                : condition.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
    }

    private static void addTaint(View node, List<Object> wanted, String key, boolean evict, Instant now) {
        for (var effect : evict ? List.of("NoSchedule", "NoExecute") : List.of("NoSchedule")) {
            var time = Timestamps.seconds(now);
            for (var taint : node.spec().get("taints").views()) {
                boolean same = taint.get("key").string().equals(key)
                        && taint.get("effect").string().equals(effect);
                if (same && taint.get("timeAdded").exists())
                    time = taint.get("timeAdded").string();
            }
            wanted.add(Trees.map("key", key, "effect", effect, "timeAdded", time));
        }
    }

    /// Pods of a node that is not ready are not ready either.
    private static void notReady(Seen seen, List<Action> actions) {
        for (var pod : seen.pods) {
            if (!Pods.ready(pod)) continue;
            var object = Trees.copy(pod.map());
            for (var condition : View.of(object).status().get("conditions").list()) {
                if (View.of(condition).get("type").string().equals("Ready")) {
                    @SuppressWarnings("unchecked")
                    var map = (Map<String, Object>) condition;
                    map.put("status", "False");
                }
            }
            actions.add(new Action.Update(Resources.PODS.untyped(), object, "status"));
        }
    }
}
