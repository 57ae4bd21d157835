package io.navarch.controllers.podautoscaler;

import io.navarch.controllers.podautoscaler.Measurement.Sample;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricStatus;
import io.navarch.model.MetricTarget;
import io.navarch.model.MetricValueStatus;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many pods one metric asks for.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
///
/// @param replicas the size that the metric asks for
/// @param name as conditions and events call it
/// @param status the metric's entry of `status.currentMetrics`
public record Proposal(long replicas, String name, MetricStatus status) {
    /// What is known for a proposal.
    ///
    /// @param pods of the target
    public record Inputs(ScaleTarget target, List<Pod> pods, Instant now) {}

    /// A size, and the value that it was worked out from.
    private record Outcome(long replicas, MetricValueStatus current) {}

    /// @throws MetricUnavailableException when the measurement is not enough
    public static Proposal of(MetricSpec metric, Measurement measured, Inputs inputs) {
        var status = MetricStatus.builder().type(metric.type());
        return switch (metric.type()) {
            case RESOURCE -> {
                var spec = metric.resource();
                var outcome = resource(spec.name(), "", spec.target(), measured.samples(), inputs);
                status.resource(entry -> entry.name(spec.name()).current(outcome.current));
                yield new Proposal(outcome.replicas, spec.name() + " resource" + suffix(spec.target()), status.build());
            }
            case CONTAINER_RESOURCE -> {
                var spec = metric.containerResource();
                var samples = measured.samples().stream()
                        .filter(sample -> sample.container().equals(spec.container()))
                        .toList();
                var outcome = resource(spec.name(), spec.container(), spec.target(), samples, inputs);
                status.containerResource(entry ->
                        entry.name(spec.name()).container(spec.container()).current(outcome.current));
                yield new Proposal(
                        outcome.replicas, spec.name() + " container resource" + suffix(spec.target()), status.build());
            }
            case PODS -> {
                var spec = metric.pods();
                var outcome = average(inputs, byPod(measured.samples()), spec.target());
                status.pods(entry -> entry.metric(spec.metric()).current(outcome.current));
                yield new Proposal(
                        outcome.replicas, "pods metric " + spec.metric().name(), status.build());
            }
            case OBJECT -> {
                var spec = metric.object();
                var outcome = total(inputs, measured.total(), spec.target());
                status.object(entry -> entry.metric(spec.metric())
                        .describedObject(spec.describedObject())
                        .current(outcome.current));
                yield new Proposal(
                        outcome.replicas, "object metric " + spec.metric().name(), status.build());
            }
            case EXTERNAL -> {
                var spec = metric.external();
                var outcome = total(inputs, measured.total(), spec.target());
                status.external(entry -> entry.metric(spec.metric()).current(outcome.current));
                yield new Proposal(
                        outcome.replicas, "external metric " + spec.metric().name(), status.build());
            }
            default -> throw unknown(metric);
        };
    }

    /// The metric is of a type that nothing can be read for.
    public static MetricUnavailableException unknown(MetricSpec metric) {
        return new MetricUnavailableException(
                "unknown metric source type \"" + metric.raw(MetricSpec.TYPE).string() + "\"");
    }

    private static String suffix(MetricTarget target) {
        return target.hasAverageUtilization() ? " utilization (percentage of request)" : "";
    }

    private static Map<String, Long> byPod(List<Sample> samples) {
        var result = new HashMap<String, Long>();
        for (var sample : samples) result.merge(sample.pod(), sample.milli(), Long::sum);
        return result;
    }

    private static Quantity milli(long value) {
        return Quantity.parse(value + "m");
    }

    private static Outcome resource(
            String resource, String container, MetricTarget target, List<Sample> samples, Inputs inputs) {
        var usage = byPod(samples);
        if (usage.isEmpty()) throw new MetricUnavailableException("no metrics returned from resource metrics API");
        if (!target.hasAverageUtilization()) return average(inputs, usage, target);
        var requests = requests(inputs.pods, resource, container);
        return utilisation(inputs, usage, requests, target.averageUtilization(), resource.equals("cpu"));
    }

    /// What each pod asks for of a resource.
    ///
    /// @param container `""` for all
    private static Map<String, Long> requests(List<Pod> pods, String resource, String container) {
        var requests = new HashMap<String, Long>();
        for (var pod : pods) {
            long sum = 0;
            for (var each : pod.spec().containers()) {
                if (!container.isEmpty() && !container.equals(each.name())) continue;
                var request = each.resources().requests().get(resource);
                if (request == null)
                    throw new MetricUnavailableException("missing request for " + resource + " in container "
                            + each.name() + " of Pod " + pod.name());
                sum += request.milli();
            }
            requests.put(pod.name(), sum);
        }
        return requests;
    }

    private static Outcome utilisation(
            Inputs inputs, Map<String, Long> usage, Map<String, Long> requests, int target, boolean cpu) {
        var known = new HashMap<>(usage);
        known.keySet().retainAll(requests.keySet());
        long used = sum(known.values());
        long requested = known.keySet().stream().mapToLong(requests::get).sum();
        if (requested == 0) throw new MetricUnavailableException("no metrics returned matched known pods");
        long percent = used * 100 / requested;
        double ratio = (double) percent / target;
        var groups = PodGroups.of(inputs.pods, usage.keySet(), cpu, inputs.now);
        long replicas = groups.replicas(inputs.target.replicas(), ratio, fill -> {
            var measured = new HashMap<>(known);
            measured.keySet().removeAll(groups.unready());
            long missing = fill.stream()
                    .mapToLong(pod -> requests.getOrDefault(pod, 0L))
                    .sum();
            long all = missing
                    + measured.keySet().stream().mapToLong(requests::get).sum();
            // Missing pods are taken to be idle when more is wanted, to be as busy as wanted when less is.
            long busy = sum(measured.values()) + (ratio < 1 ? busy(fill, requests, target) : 0);
            return all == 0 ? 1 : (double) busy * 100 / all / target;
        });
        return new Outcome(
                replicas,
                MetricValueStatus.builder()
                        .averageUtilization((int) percent)
                        .averageValue(milli(used / Math.max(1, usage.size())))
                        .build());
    }

    /// What pods would use that are as busy as wanted.
    private static long busy(List<String> pods, Map<String, Long> requests, int target) {
        return pods.stream()
                .mapToLong(pod -> requests.getOrDefault(pod, 0L) * target / 100)
                .sum();
    }

    private static long sum(Collection<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }

    private static Outcome average(Inputs inputs, Map<String, Long> values, MetricTarget target) {
        if (values.isEmpty()) throw new MetricUnavailableException("no metrics returned from custom metrics API");
        long wanted = target.averageValue().milli();
        long sum = sum(values.values());
        double ratio = (double) sum / values.size() / Math.max(1, wanted);
        var groups = PodGroups.of(inputs.pods, values.keySet(), false, inputs.now);
        long replicas = groups.replicas(
                inputs.target.replicas(),
                ratio,
                fill -> (sum + (ratio < 1 ? (double) wanted * fill.size() : 0))
                        / (values.size() + fill.size())
                        / Math.max(1, wanted));
        var current = MetricValueStatus.builder().averageValue(milli(sum / values.size()));
        return new Outcome(replicas, current.build());
    }

    /// A metric of something else, against a total or against a share of each pod.
    private static Outcome total(Inputs inputs, long value, MetricTarget target) {
        long size = inputs.target.replicas();
        int current = Math.max(1, inputs.target.current());
        var status = MetricValueStatus.builder();
        if (target.hasAverageValue()) {
            long wanted = Math.max(1, target.averageValue().milli());
            double ratio = (double) value / ((double) wanted * current);
            long replicas = PodGroups.tolerated(ratio) ? size : (long) Math.ceil((double) value / wanted);
            return new Outcome(
                    replicas, status.averageValue(milli(value / current)).build());
        }
        double ratio = (double) value / Math.max(1, target.value().milli());
        long ready = inputs.pods.stream().filter(Pods::ready).count();
        long replicas = PodGroups.tolerated(ratio) ? size : (long) Math.ceil(ratio * ready);
        return new Outcome(replicas, status.value(milli(value)).build());
    }
}
