package io.navarch.controllers.podautoscaler;

import io.navarch.controllers.Pods;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// How many pods one metric asks for.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
///
/// @param replicas the size that the metric asks for
/// @param name as conditions and events call it
/// @param status the metric's entry of `status.currentMetrics`
record Proposal(long replicas, String name, Map<String, Object> status) {
    /// Within so much of the target nothing is changed.
    private static final double TOLERANCE = 0.1;
    /// A pod that has just been made tells nothing of the load.
    private static final Duration INITIALISATION = Duration.ofMinutes(5);

    private static final Duration READINESS_DELAY = Duration.ofSeconds(30);

    /// What is known for a proposal.
    record Inputs(View autoscaler, Load load, Load.Size size, List<View> pods, Instant now) {}

    /// @throws Load.UnavailableException when the metric cannot be read
    static Proposal of(View metric, Inputs inputs) {
        var namespace = inputs.autoscaler.namespace();
        var type = metric.get("type").string();
        return switch (type) {
            case "Resource", "ContainerResource" -> resource(metric, inputs);
            case "Pods" -> {
                var spec = metric.get("pods");
                var samples = inputs.load.pods(namespace, inputs.size.selector(), spec.get("metric"));
                yield average(
                        inputs,
                        samples,
                        milli(spec.get("target", "averageValue")),
                        "pods metric " + spec.get("metric", "name").string(),
                        "pods",
                        spec);
            }
            case "Object" -> {
                var spec = metric.get("object");
                long value = inputs.load.object(namespace, spec.get("describedObject"), spec.get("metric"));
                yield total(
                        inputs,
                        value,
                        spec,
                        "object",
                        "object metric " + spec.get("metric", "name").string());
            }
            case "External" -> {
                var spec = metric.get("external");
                long value = inputs.load.external(namespace, spec.get("metric")).stream()
                        .mapToLong(Long::longValue)
                        .sum();
                yield total(
                        inputs,
                        value,
                        spec,
                        "external",
                        "external metric " + spec.get("metric", "name").string());
            }
            default -> throw new Load.UnavailableException("unknown metric source type \"" + type + "\"");
        };
    }

    private static long milli(View quantity) {
        return Quantity.parseOr(quantity.value(), Quantity.ZERO).milli();
    }

    private static Proposal resource(View metric, Inputs inputs) {
        boolean whole = metric.get("type").string().equals("Resource");
        var field = whole ? "resource" : "containerResource";
        var spec = metric.get(field);
        var resource = spec.get("name").string();
        var container = spec.get("container").string();
        var samples = inputs.load.resource(inputs.autoscaler.namespace(), inputs.size.selector(), resource).stream()
                .filter(sample -> whole || sample.container().equals(container))
                .toList();
        var usage = new HashMap<String, Long>();
        for (var sample : samples) usage.merge(sample.pod(), sample.milli(), Long::sum);
        if (usage.isEmpty()) throw new Load.UnavailableException("no metrics returned from resource metrics API");
        var share = spec.get("target", "averageUtilization");
        var name = resource + (whole ? " resource" : " container resource") + " utilization (percentage of request)";
        if (!share.exists())
            return average(
                    inputs,
                    usage.entrySet().stream()
                            .map(entry -> new Load.Sample(entry.getKey(), "", entry.getValue()))
                            .toList(),
                    milli(spec.get("target", "averageValue")),
                    resource + (whole ? " resource" : " container resource"),
                    field,
                    spec);
        return utilisation(inputs, usage, resource, container, share.longOr(0), name, field, spec);
    }

    private static Proposal utilisation(
            Inputs inputs,
            Map<String, Long> usage,
            String resource,
            String container,
            long target,
            String name,
            String field,
            View spec) {
        var requests = new HashMap<String, Long>();
        for (var pod : inputs.pods) {
            long sum = 0;
            for (var each : pod.spec().get("containers").views()) {
                if (!container.isEmpty() && !container.equals(each.get("name").string())) continue;
                var request = each.get("resources", "requests").get(resource);
                if (!request.exists())
                    throw new Load.UnavailableException("missing request for " + resource + " in container "
                            + each.get("name").string() + " of Pod " + pod.name());
                sum += milli(request);
            }
            requests.put(pod.name(), sum);
        }
        long used = 0;
        long requested = 0;
        for (var entry : usage.entrySet()) {
            if (!requests.containsKey(entry.getKey())) continue;
            used += entry.getValue();
            requested += requests.get(entry.getKey());
        }
        if (requested == 0) throw new Load.UnavailableException("no metrics returned matched known pods");
        long percent = used * 100 / requested;
        double ratio = (double) percent / target;
        var groups = Groups.of(inputs, usage.keySet(), resource.equals("cpu"));
        long replicas = groups.replicas(inputs.size.replicas(), ratio, fill -> {
            long more = 0;
            long all = 0;
            for (var entry : usage.entrySet()) {
                if (!requests.containsKey(entry.getKey()) || groups.unready.contains(entry.getKey())) continue;
                more += entry.getValue();
                all += requests.get(entry.getKey());
            }
            for (var pod : fill) all += requests.getOrDefault(pod, 0L);
            // Those that are missing are taken to idle when more is wanted, to be as busy as wanted when less is.
            if (ratio < 1) for (var pod : fill) more += requests.getOrDefault(pod, 0L) * target / 100;
            return all == 0 ? 1 : (double) more * 100 / all / target;
        });
        long average = used / Math.max(1, usage.size());
        return new Proposal(
                replicas,
                name,
                current(field, spec, Trees.map("averageUtilization", percent, "averageValue", text(average))));
    }

    private static String text(long milli) {
        return Quantity.parse(milli + "m").toString();
    }

    private static Map<String, Object> current(String field, View spec, Map<String, Object> value) {
        var entry = Trees.map("current", value);
        for (var key : List.of("name", "container", "metric", "describedObject"))
            if (spec.get(key).exists()) entry.put(key, Trees.copy(spec.get(key).value()));
        var type = Character.toUpperCase(field.charAt(0)) + field.substring(1);
        return Trees.map("type", type, field, entry);
    }

    private static Proposal average(
            Inputs inputs, List<Load.Sample> samples, long target, String name, String field, View spec) {
        if (samples.isEmpty()) throw new Load.UnavailableException("no metrics returned from custom metrics API");
        var values = new HashMap<String, Long>();
        for (var sample : samples) values.merge(sample.pod(), sample.milli(), Long::sum);
        long sum = values.values().stream().mapToLong(Long::longValue).sum();
        double ratio = (double) sum / values.size() / Math.max(1, target);
        var groups = Groups.of(inputs, values.keySet(), false);
        long replicas = groups.replicas(
                inputs.size.replicas(),
                ratio,
                fill -> (sum + (ratio < 1 ? (double) target * fill.size() : 0))
                        / (values.size() + fill.size())
                        / Math.max(1, target));
        return new Proposal(replicas, name, current(field, spec, Trees.map("averageValue", text(sum / values.size()))));
    }

    /// A metric of something else, against a total or against a share of each pod.
    private static Proposal total(Inputs inputs, long value, View spec, String field, String name) {
        var perPod = spec.get("target", "averageValue");
        long size = inputs.size.replicas();
        if (perPod.exists()) {
            long target = Math.max(1, milli(perPod));
            double ratio = (double) value / ((double) target * Math.max(1, inputs.size.current()));
            long replicas = Math.abs(1 - ratio) <= TOLERANCE ? size : (long) Math.ceil((double) value / target);
            return new Proposal(
                    replicas,
                    name,
                    current(field, spec, Trees.map("averageValue", text(value / Math.max(1, inputs.size.current())))));
        }
        double ratio = (double) value / Math.max(1, milli(spec.get("target", "value")));
        long ready = inputs.pods.stream().filter(Pods::ready).count();
        long replicas = Math.abs(1 - ratio) <= TOLERANCE ? size : (long) Math.ceil(ratio * ready);
        return new Proposal(replicas, name, current(field, spec, Trees.map("value", text(value))));
    }

    /// Pods whose measurements count, those that are too young, and those that have none.
    private record Groups(long counted, HashSet<String> unready, HashSet<String> missing) {
        static Groups of(Inputs inputs, Set<String> measured, boolean cpu) {
            var unready = new HashSet<String>();
            var missing = new HashSet<String>();
            long counted = 0;
            for (var pod : inputs.pods) {
                if (pod.deleting() || Pods.failed(pod)) continue;
                boolean young = cpu && young(pod, inputs.now);
                if (pod.status().get("phase").string().equals("Pending") || young) unready.add(pod.name());
                else if (!measured.contains(pod.name())) missing.add(pod.name());
                else counted++;
            }
            return new Groups(counted, unready, missing);
        }

        private static boolean young(View pod, Instant now) {
            var ready = Pods.condition(pod, "Ready");
            if (!ready.exists()) return true;
            var created = Pods.created(pod);
            var since = Pods.readySince(pod);
            if (created.plus(INITIALISATION).isAfter(now)) return !Pods.ready(pod);
            return !Pods.ready(pod) && created.plus(READINESS_DELAY).isAfter(since);
        }

        /// The usual sum, made careful: with what is missing counted, less is changed, and never the other way.
        long replicas(long size, double ratio, ToDoubleFunction<List<String>> again) {
            boolean rebalance = !unready.isEmpty() && ratio > 1;
            if (missing.isEmpty() && !rebalance)
                return Math.abs(1 - ratio) <= TOLERANCE
                        ? size
                        : (long) Math.ceil(ratio * Math.max(1, counted + (ratio < 1 ? unready.size() : 0)));
            var fill = new ArrayList<>(missing);
            if (rebalance) fill.addAll(unready);
            double careful = again.applyAsDouble(fill);
            boolean turned = ratio < 1 && careful > 1 || ratio > 1 && careful < 1;
            if (turned || Math.abs(1 - careful) <= TOLERANCE) return size;
            long replicas = (long) Math.ceil(careful * (counted + fill.size()));
            if (careful < 1 && replicas > size || careful > 1 && replicas < size) return size;
            return replicas;
        }
    }
}
