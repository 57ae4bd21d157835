package io.navarch.controllers.podautoscaler;

import io.navarch.client.Caches;
import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Sets the size of a workload by the load on it.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
public final class HorizontalController implements LegacyController<HorizontalController.Seen> {
    /// kube-controller-manager's `--horizontal-pod-autoscaler-sync-period`.
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Load load;
    private final Supplier<Instant> clock;
    private final BiFunction<String, View, ResourceType<View>> resources;
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();

    /// @param clock when something is read
    /// @param resources the resource of an `apiVersion` and a kind in a reference, `null` when it is not served
    public HorizontalController(
            Load load, Supplier<Instant> clock, BiFunction<String, View, ResourceType<View>> resources) {
        this.load = load;
        this.clock = clock;
        this.resources = resources;
    }

    /// An autoscaler, the size of what it scales, and what the metrics ask for; `failure` says what could not be read,
    /// with the reason of the condition it goes to.
    public record Seen(
            View autoscaler,
            ResourceType<View> target,
            Load.Size size,
            List<Proposal> proposals,
            List<Failure> failures,
            List<ScalingRules.Recommendation> recommendations,
            List<ScalingRules.Change> changes,
            List<AutoscalerMetrics.Computation> computations) {}

    /// @param reason such as `FailedGetScale`
    public record Failure(String condition, String reason, String message) {}

    @Override
    public String name() {
        return "horizontal-pod-autoscaler";
    }

    @Override
    public String queue() {
        return "horizontalpodautoscaler";
    }

    @Override
    public List<Metric> metrics() {
        return AutoscalerMetrics.ALL;
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        return AutoscalerMetrics.looked(seen, decision.actions(), took, failure != null);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.HORIZONTAL_POD_AUTOSCALERS.untyped(), LegacyController::self),
                Input.lookedAt(Resources.PODS.untyped()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("autoscaling", "horizontalpodautoscalers/status", "update"),
                Permission.of("*", "*/scale", "get,update,patch"),
                Permission.of("metrics.k8s.io", "pods", "list"),
                Permission.of("custom.metrics.k8s.io", "*", "get,list"),
                Permission.of("external.metrics.k8s.io", "*", "get,list"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var autoscaler =
                caches.of(Resources.HORIZONTAL_POD_AUTOSCALERS.untyped()).get(key);
        if (!autoscaler.exists() || autoscaler.deleting()) {
            memories.keySet().removeIf(name -> name.startsWith(key + "/"));
            return null;
        }
        var now = clock.get();
        var memory = memories.computeIfAbsent(key + "/" + autoscaler.uid(), uid -> new Memory());
        var failures = new ArrayList<Failure>();
        var proposals = new ArrayList<Proposal>();
        var computations = new ArrayList<AutoscalerMetrics.Computation>();
        var reference = autoscaler.spec().get("scaleTargetRef");
        var target = resources.apply(key.namespace(), reference);
        Load.Size size = null;
        try {
            size = load.size(key.namespace(), reference);
        } catch (Load.UnavailableException e) {
            failures.add(new Failure(
                    "AbleToScale",
                    "FailedGetScale",
                    "the HPA controller was unable to get the target's current scale: " + e.getMessage()));
        }
        if (size != null && size.replicas() > 0) {
            memory.size(size.replicas(), now);
            var selector = LabelSelector.parse(size.selector());
            var pods = caches.of(Resources.PODS.untyped()).inNamespace(key.namespace()).stream()
                    .filter(pod -> selector.matches(pod.labels()))
                    .toList();
            var inputs = new Proposal.Inputs(autoscaler, load, size, pods, now);
            for (var metric : autoscaler.spec().get("metrics").views()) {
                var began = clock.get();
                int before = proposals.size();
                propose(metric, inputs, proposals, failures);
                computations.add(new AutoscalerMetrics.Computation(
                        metric.get("type").string(),
                        proposals.size() > before ? proposals.getLast().replicas() : null,
                        Duration.between(began, clock.get())));
            }
        }
        var seen = new Seen(
                autoscaler,
                target,
                size,
                proposals,
                failures,
                memory.recommendations(),
                memory.changes(),
                computations);
        if (size != null && size.replicas() > 0 && !proposals.isEmpty()) memory.recommended(wanted(seen), now);
        return seen;
    }

    private static void propose(View metric, Proposal.Inputs inputs, List<Proposal> proposals, List<Failure> failures) {
        var type = metric.get("type").string();
        try {
            proposals.add(Proposal.of(metric, inputs));
        } catch (Load.UnavailableException e) {
            var what = switch (type) {
                case "Resource" -> metric.get("resource", "name").string() + " resource metric value";
                case "ContainerResource" ->
                    metric.get("containerResource", "name").string() + " container resource metric value";
                default -> type.toLowerCase(java.util.Locale.ROOT) + " metric value";
            };
            failures.add(new Failure(
                    "ScalingActive",
                    "FailedGet" + type + "Metric",
                    "the HPA was unable to compute the replica count: failed to get " + what + ": " + e.getMessage()));
        }
    }

    /// The most that any metric asks for; while one cannot be read nothing is taken away.
    private static long wanted(Seen seen) {
        long wanted =
                seen.proposals.stream().mapToLong(Proposal::replicas).max().orElse(seen.size.replicas());
        return seen.failures.isEmpty() ? wanted : Math.max(wanted, seen.size.replicas());
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var autoscaler = seen.autoscaler;
        var status = Trees.copy(autoscaler.status().map());
        status.put("observedGeneration", autoscaler.metadata().get("generation").longOr(0));
        for (var failure : seen.failures) {
            condition(autoscaler, status, failure.condition, "False", failure.reason, failure.message, now);
            actions.add(Action.RecordEvent.warning(autoscaler, failure.reason, failure.message));
        }
        if (seen.size != null) scale(seen, status, now, actions);
        if (!Trees.semanticEquals(status, autoscaler.status().map()))
            actions.add(Action.Update.status(Resources.HORIZONTAL_POD_AUTOSCALERS.untyped(), autoscaler, status));
        return LegacyController.decision(actions, PERIOD);
    }

    private static void condition(
            View autoscaler,
            Map<String, Object> status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        Conditions.replace(status, Conditions.of(autoscaler, type, value, reason, message, now));
    }

    private static void scale(Seen seen, Map<String, Object> status, Instant now, List<Action> actions) {
        var autoscaler = seen.autoscaler;
        long least = autoscaler.spec().get("minReplicas").longOr(1);
        long most = autoscaler.spec().get("maxReplicas").longOr(1);
        long current = seen.size.replicas();
        condition(
                autoscaler,
                status,
                "AbleToScale",
                "True",
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale",
                now);
        status.put("currentReplicas", seen.size.current());
        if (current == 0 && least != 0) {
            status.put("desiredReplicas", 0L);
            condition(
                    autoscaler,
                    status,
                    "ScalingActive",
                    "False",
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero",
                    now);
            return;
        }
        long desired = current;
        String why;
        if (current > most) {
            desired = most;
            why = "Current number of replicas above Spec.MaxReplicas";
        } else if (current < least) {
            desired = least;
            why = "Current number of replicas below Spec.MinReplicas";
        } else {
            if (seen.proposals.isEmpty()) {
                status.put("desiredReplicas", current);
                return;
            }
            why = byMetrics(seen, status, now);
            desired = View.of(status).get("desiredReplicas").longOr(current);
        }
        status.put("desiredReplicas", desired);
        if (desired == current) return;
        var reference = autoscaler.spec().get("scaleTargetRef");
        actions.add(new Action.Patch(
                seen.target,
                new ObjectKey(autoscaler.namespace(), reference.get("name").string()),
                "scale",
                Trees.map("spec", Trees.map("replicas", desired))));
        actions.add(Action.RecordEvent.normal(
                autoscaler, "SuccessfulRescale", "New size: " + desired + "; reason: " + why));
        status.put("lastScaleTime", Timestamps.seconds(now));
        condition(
                autoscaler,
                status,
                "AbleToScale",
                "True",
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + desired,
                now);
    }

    /// Puts the size that the metrics lead to into the status; returns why.
    private static String byMetrics(Seen seen, Map<String, Object> status, Instant now) {
        var autoscaler = seen.autoscaler;
        long current = seen.size.replicas();
        long wanted = wanted(seen);
        var largest = seen.proposals.stream()
                .max(Comparator.comparingLong(Proposal::replicas))
                .orElseThrow();
        if (seen.failures.isEmpty())
            condition(
                    autoscaler,
                    status,
                    "ScalingActive",
                    "True",
                    "ValidMetricFound",
                    "the HPA was able to successfully calculate a replica count from " + largest.name(),
                    now);
        status.put(
                "currentMetrics", seen.proposals.stream().map(Proposal::status).toList());
        var allowed = new ScalingRules(autoscaler.spec().get("behavior"), seen.recommendations, seen.changes, now)
                .allow(
                        current,
                        wanted,
                        autoscaler.spec().get("minReplicas").longOr(1),
                        autoscaler.spec().get("maxReplicas").longOr(1));
        if (allowed.stabilised().isEmpty())
            condition(
                    autoscaler,
                    status,
                    "AbleToScale",
                    "True",
                    "ReadyForNewScale",
                    "recommended size matches current size",
                    now);
        else
            condition(
                    autoscaler,
                    status,
                    "AbleToScale",
                    "True",
                    allowed.stabilised(),
                    allowed.stabilised().equals("ScaleDownStabilized")
                            ? "recent recommendations were higher than current one, applying the highest recent recommendation"
                            : "recent recommendations were lower than current one, applying the lowest recent recommendation",
                    now);
        condition(
                autoscaler,
                status,
                "ScalingLimited",
                allowed.limit().isEmpty() ? "False" : "True",
                allowed.limit().isEmpty() ? "DesiredWithinRange" : allowed.limit(),
                allowed.message(),
                now);
        status.put("desiredReplicas", allowed.replicas());
        return wanted > current ? largest.name() + " above target" : "All metrics below target";
    }
}
