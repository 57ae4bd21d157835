package io.navarch.controllers.disruption;

import io.navarch.client.Caches;
import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.controllers.Scaled;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the pods of a PodDisruptionBudget, and says how many of them may be evicted.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
public final class DisruptionController implements LegacyController<DisruptionController.Seen> {
    /// So long an evicted pod may take to go.
    private static final Duration EVICTION = Duration.ofMinutes(2);

    private static final Map<String, ResourceType<View>> SCALED = Map.of(
            "ReplicaSet",
            Resources.REPLICA_SETS.untyped(),
            "ReplicationController",
            Resources.REPLICATION_CONTROLLERS.untyped(),
            "StatefulSet",
            Resources.STATEFUL_SETS.untyped(),
            "Deployment",
            Resources.DEPLOYMENTS.untyped());

    /// @param expected how many pods those that control the pods want; by a pod's uid why that is not known
    public record Seen(View budget, List<View> pods, long expected, String unknown) {}

    @Override
    public String name() {
        return "disruption-controller";
    }

    @Override
    public String queue() {
        return "disruption";
    }

    @Override
    public String eventSource() {
        return "controllermanager";
    }

    @Override
    public List<Input> inputs() {
        var inputs = new ArrayList<Input>();
        inputs.add(new Input(Resources.POD_DISRUPTION_BUDGETS.untyped(), LegacyController::self));
        inputs.add(new Input(Resources.PODS.untyped(), DisruptionController::budgetsOf));
        for (var type : SCALED.values()) inputs.add(new Input(type, DisruptionController::budgetsFor));
        return inputs;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("policy", "poddisruptionbudgets/status", "update"),
                Permission.of("", "pods/status", "patch"));
    }

    private static LabelSelector selector(View budget) {
        return LabelSelector.ofObject(budget.spec().get("selector"));
    }

    private static List<ObjectKey> budgetsOf(Caches caches, View pod) {
        return matching(caches, pod.namespace(), pod.labels());
    }

    /// A workload's size concerns the budgets of its pods.
    private static List<ObjectKey> budgetsFor(Caches caches, View workload) {
        return matching(
                caches, workload.namespace(), workload.spec().get("template").labels());
    }

    private static List<ObjectKey> matching(Caches caches, String namespace, Map<String, String> labels) {
        return caches.of(Resources.POD_DISRUPTION_BUDGETS.untyped()).inNamespace(namespace).stream()
                .filter(budget -> selector(budget).matches(labels))
                .map(View::key)
                .toList();
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var budget = caches.of(Resources.POD_DISRUPTION_BUDGETS.untyped()).get(key);
        if (!budget.exists() || budget.deleting()) return null;
        var selector = selector(budget);
        var pods = caches.of(Resources.PODS.untyped()).inNamespace(key.namespace()).stream()
                .filter(pod -> selector.matches(pod.labels()) && !Pods.ended(pod))
                .toList();
        var unknown = "";
        var sizes = new HashMap<String, Long>();
        for (var pod : pods) {
            var owner = scaled(caches, pod);
            if (owner.exists())
                sizes.put(owner.uid(), owner.spec().get("replicas").longOr(1));
            else if (pod.controller().exists())
                unknown = pod.controller().get("kind").string() + " does not implement the scale subresource";
            else unknown = "found no controller ref for pod \"" + pod.name() + "\"";
        }
        return new Seen(
                budget, pods, sizes.values().stream().mapToLong(Long::longValue).sum(), unknown);
    }

    /// What decides how many pods of this sort there are.
    private static View scaled(Caches caches, View object) {
        var reference = object.controller();
        var type = SCALED.get(reference.get("kind").string());
        if (type == null) return View.of(null);
        var owner = caches.of(type)
                .get(new ObjectKey(object.namespace(), reference.get("name").string()));
        if (!owner.uid().equals(reference.get("uid").string())) return View.of(null);
        return owner.controller().exists() ? scaled(caches, owner) : owner;
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var budget = seen.budget;
        var spec = budget.spec();
        var actions = new ArrayList<Action>();
        boolean byShare =
                spec.get("maxUnavailable").exists() || spec.get("minAvailable").value() instanceof String;
        if (seen.pods.isEmpty()) actions.add(Action.RecordEvent.normal(budget, "NoPods", "No matching pods found"));
        if (byShare && !seen.unknown.isEmpty()) {
            var message = "Failed to calculate the number of expected pods: " + seen.unknown;
            actions.add(Action.RecordEvent.warning(budget, "CalculateExpectedPodCountFailed", message));
            write(budget, failed(budget, seen.unknown, now), actions);
            return Decision.of(actions);
        }
        long expected = byShare ? seen.expected : seen.pods.size();
        long wanted = spec.get("maxUnavailable").exists()
                ? Math.max(0, expected - Scaled.of(spec.get("maxUnavailable"), expected, true))
                : Scaled.of(spec.get("minAvailable"), expected, true);
        var disrupted = disrupted(seen, now, actions);
        long healthy = seen.pods.stream()
                .filter(pod -> Pods.ready(pod) && !pod.deleting() && !disrupted.containsKey(pod.name()))
                .count();
        long allowed = expected <= 0 ? 0 : Math.max(0, healthy - wanted);
        var status = Trees.copy(budget.status().map());
        status.put("currentHealthy", healthy);
        status.put("desiredHealthy", wanted);
        status.put("expectedPods", expected);
        status.put("disruptionsAllowed", allowed);
        status.put("observedGeneration", budget.metadata().get("generation").longOr(0));
        if (disrupted.isEmpty()) status.remove("disruptedPods");
        else status.put("disruptedPods", disrupted);
        Conditions.replace(
                status,
                observed(
                        budget,
                        Conditions.of(
                                budget,
                                "DisruptionAllowed",
                                allowed > 0 ? "True" : "False",
                                allowed > 0 ? "SufficientPods" : "InsufficientPods",
                                "",
                                now)));
        write(budget, status, actions);
        return LegacyController.decision(actions, disrupted.isEmpty() ? null : EVICTION.plusSeconds(1));
    }

    private static Map<String, Object> observed(View budget, Map<String, Object> condition) {
        condition.put("observedGeneration", budget.metadata().get("generation").longOr(0));
        return condition;
    }

    /// Nothing may be evicted while it is not known how many pods there should be.
    private static Map<String, Object> failed(View budget, String why, Instant now) {
        var status = Trees.copy(budget.status().map());
        status.put("disruptionsAllowed", 0L);
        Conditions.replace(
                status, observed(budget, Conditions.of(budget, "DisruptionAllowed", "False", "SyncFailed", why, now)));
        return status;
    }

    /// Evicted pods that are still there, and are still expected to go.
    private static Map<String, Object> disrupted(Seen seen, Instant now, List<Action> actions) {
        var result = Trees.map();
        var told = seen.budget.status().get("disruptedPods");
        for (var pod : seen.pods) {
            var at = Timestamps.parse(told.get(pod.name()).string());
            if (at == null || pod.deleting()) continue;
            if (at.plus(EVICTION).isAfter(now))
                result.put(pod.name(), told.get(pod.name()).value());
            else
                actions.add(Action.RecordEvent.warning(
                        pod,
                        "NotDisrupted",
                        "Pod was expected by PDB " + seen.budget.key() + " to be deleted but it wasn't"));
        }
        return result;
    }

    private static void write(View budget, Map<String, Object> status, List<Action> actions) {
        if (Trees.semanticEquals(status, budget.status().map())) return;
        actions.add(Action.Update.status(Resources.POD_DISRUPTION_BUDGETS.untyped(), budget, status));
    }
}
