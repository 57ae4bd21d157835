package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.controllers.podautoscaler.AutoscalerReason;
import io.navarch.controllers.podautoscaler.AutoscalerState;
import io.navarch.controllers.podautoscaler.AutoscalerState.Computation;
import io.navarch.controllers.podautoscaler.AutoscalerState.Failure;
import io.navarch.controllers.podautoscaler.AutoscalerState.Readings;
import io.navarch.controllers.podautoscaler.Measurement;
import io.navarch.controllers.podautoscaler.MetricUnavailableException;
import io.navarch.controllers.podautoscaler.Proposal;
import io.navarch.controllers.podautoscaler.ScaleTarget;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerConditionType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.ReadStep;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Reads the size and the load of what an autoscaler scales, and remembers what was recommended.
public final class MetricsReadStep implements ReadStep<AutoscalerState> {
    private final MetricsSource source;
    private final LongSupplier nanos;
    /// Of one autoscaler only one worker reads at a time; different ones may at once.
    private final Map<ObjectKey, Remembered> histories = new ConcurrentHashMap<>();

    /// @param uid of the autoscaler: another one of the same name begins anew
    private record Remembered(String uid, ScalingHistory history) {}

    /// @param nanos measures how long reading takes
    public MetricsReadStep(MetricsSource source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    /// What has come of reading the metrics.
    private record Measured(List<Optional<Proposal>> metrics, List<Failure> failures, List<Computation> computations) {
        static Measured nothing() {
            return new Measured(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        /// While a metric cannot be read nothing is taken away.
        Optional<String> stuck(long current) {
            if (failures.isEmpty()) return Optional.empty();
            var first = failures.getFirst().first();
            if (metrics.isEmpty()) return Optional.of(first);
            long most = Readings.largest(metrics).map(Proposal::replicas).orElse(-1L);
            if (most >= current) return Optional.empty();
            return Optional.of("invalid metrics (" + failures.size() + " invalid out of " + metrics.size()
                    + "), first error is: " + first);
        }
    }

    @Override
    public AutoscalerState read(AutoscalerState seen, Instant now) {
        var autoscaler = seen.autoscaler();
        if (!autoscaler.exists() || autoscaler.deleting()) {
            histories.remove(seen.key());
            return seen;
        }
        var history = history(seen.key(), autoscaler.uid());
        try {
            var target = source.target(autoscaler.namespace(), autoscaler.spec().scaleTargetRef());
            return seen.with(read(seen, target, history, now));
        } catch (MetricUnavailableException e) {
            var failure = new Failure(
                    HorizontalPodAutoscalerConditionType.ABLE_TO_SCALE,
                    AutoscalerReason.FAILED_GET_SCALE.about(e.why()),
                    Reason.of(AutoscalerReason.FAILED_GET_SCALE.reason(), e.why()),
                    e.why());
            return seen.with(new Readings(
                    Optional.empty(),
                    List.of(),
                    List.of(failure),
                    Optional.empty(),
                    List.of(),
                    history.recommendations(),
                    history.changes()));
        }
    }

    private ScalingHistory history(ObjectKey key, String uid) {
        return histories.compute(
                        key,
                        (same, known) -> known != null && known.uid.equals(uid)
                                ? known
                                : new Remembered(uid, new ScalingHistory()))
                .history;
    }

    private Readings read(AutoscalerState seen, ScaleTarget target, ScalingHistory history, Instant now) {
        int size = target.replicas();
        if (size > 0) history.sized(size, now);
        var spec = seen.autoscaler().spec();
        // A size that is out of bounds is mended without asking for the load.
        boolean asked = size > 0 && size >= spec.minReplicasOr(1) && size <= spec.maxReplicasOr(1);
        var measured = asked ? measureAll(seen, target, now) : Measured.nothing();
        var stuck = measured.stuck(size);
        var readings = new Readings(
                Optional.of(target),
                measured.metrics,
                measured.failures,
                stuck,
                measured.computations,
                history.recommendations(),
                history.changes());
        if (stuck.isEmpty())
            Readings.largest(measured.metrics).ifPresent(largest -> history.recommended(largest.replicas(), now));
        return readings;
    }

    private Measured measureAll(AutoscalerState seen, ScaleTarget target, Instant now) {
        var measured = Measured.nothing();
        var unselected = unselected(target.selector());
        if (unselected.isPresent()) {
            measured.failures.add(unselected.get());
            return measured;
        }
        var selector = LabelSelectorParser.parse(target.selector());
        var pods = seen.pods().stream()
                .filter(pod -> selector.matches(pod.labels()))
                .toList();
        var inputs = new Proposal.Inputs(target, pods, now);
        for (var metric : seen.autoscaler().spec().metrics()) {
            long began = nanos.getAsLong();
            Optional<Proposal> proposal = Optional.empty();
            try {
                proposal = Optional.of(Proposal.of(metric, measure(seen.autoscaler(), target, metric), inputs));
            } catch (MetricUnavailableException e) {
                measured.failures.add(failure(metric, e.why()));
            }
            measured.metrics.add(proposal);
            measured.computations.add(new Computation(
                    metric.raw(MetricSpec.TYPE).string(),
                    proposal.map(Proposal::replicas),
                    Duration.ofNanos(nanos.getAsLong() - began)));
        }
        return measured;
    }

    /// Why it cannot be told which pods are the target's.
    private static Optional<Failure> unselected(String selector) {
        if (!selector.isEmpty()) return Optional.empty();
        var told = "selector is required";
        return Optional.of(new Failure(
                HorizontalPodAutoscalerConditionType.SCALING_ACTIVE,
                AutoscalerReason.INVALID_SELECTOR.about("the HPA target's scale is missing a selector"),
                AutoscalerReason.SELECTOR_REQUIRED.about(told),
                told));
    }

    private Measurement measure(HorizontalPodAutoscaler autoscaler, ScaleTarget target, MetricSpec metric) {
        var namespace = autoscaler.namespace();
        var selector = target.selector();
        return switch (metric.type()) {
            case RESOURCE ->
                Measurement.ofPods(
                        source.resource(namespace, selector, metric.resource().name()));
            case CONTAINER_RESOURCE ->
                Measurement.ofPods(source.resource(
                        namespace, selector, metric.containerResource().name()));
            case PODS ->
                Measurement.ofPods(
                        source.pods(namespace, selector, metric.pods().metric()));
            case OBJECT ->
                Measurement.ofTotal(source.object(
                        namespace,
                        metric.object().describedObject(),
                        metric.object().metric()));
            case EXTERNAL ->
                Measurement.ofTotal(source.external(namespace, metric.external().metric()).stream()
                        .mapToLong(Long::longValue)
                        .sum());
            default -> throw Proposal.unknown(metric);
        };
    }

    private static Failure failure(MetricSpec metric, String why) {
        var type = metric.raw(MetricSpec.TYPE).string();
        var reason = "FailedGet" + type + "Metric";
        return switch (metric.type()) {
            case RESOURCE -> {
                var spec = metric.resource();
                var told = used(spec.name(), spec.target()) + why;
                yield failure(reason, told, "failed to get " + spec.name() + " resource metric value: " + told);
            }
            case CONTAINER_RESOURCE -> {
                var spec = metric.containerResource();
                var told = used(spec.name(), spec.target()) + why;
                yield failure(reason, told, "failed to get " + spec.container() + " container metric value: " + told);
            }
            case PODS -> failure(reason, why, "failed to get pods metric value: " + why);
            case OBJECT -> {
                var spec = metric.object();
                var average = spec.target().hasAverageValue()
                        ? "failed to get " + spec.metric().name() + " object metric: "
                        : "";
                yield failure(reason, why, "failed to get object metric value: " + average + why);
            }
            case EXTERNAL -> {
                var spec = metric.external();
                var name = spec.metric().name();
                var inner = spec.target().hasAverageValue()
                        ? "failed to get " + name + " external metric: "
                        : "failed to get external metric " + name + ": ";
                yield failure(reason, why, "failed to get " + name + " external metric value: " + inner + why);
            }
            default -> failure("InvalidMetricSourceType", why, why);
        };
    }

    private static Failure failure(String reason, String told, String first) {
        return new Failure(
                HorizontalPodAutoscalerConditionType.SCALING_ACTIVE,
                Reason.of(reason, "the HPA was unable to compute the replica count: " + told),
                Reason.of(reason, told),
                first);
    }

    private static String used(String resource, MetricTarget target) {
        return "failed to get " + resource + (target.hasAverageUtilization() ? " utilization: " : " usage: ");
    }
}
