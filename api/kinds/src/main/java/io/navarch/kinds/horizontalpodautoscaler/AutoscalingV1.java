package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.support.Check;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerBehavior;
import io.navarch.model.HorizontalPodAutoscalerStatus;
import io.navarch.model.HorizontalPodAutoscalerV1;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricStatus;
import io.navarch.model.MetricTargetType;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Between `autoscaling/v1` and `v2`: v1 has one field for a CPU percentage, and keeps everything else of v2 in
/// annotations, so that nothing is lost on the way through an old client.
final class AutoscalingV1 {
    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String CURRENT = "autoscaling.alpha.kubernetes.io/current-metrics";
    private static final String CPU = "cpu";

    private AutoscalingV1() {}

    static Map<String, Object> toStorage(Map<String, Object> object) {
        var old = HorizontalPodAutoscalerV1.edit(object).build();
        var result = HorizontalPodAutoscaler.edit(object).apiVersion("autoscaling/v2");
        var metrics = metrics(old);
        var currentMetrics = currentMetrics(old);
        var behavior = View.of(lower(annotation(old, BEHAVIOR).value()));
        var conditions = annotation(old, CONDITIONS);
        HorizontalPodAutoscalerV1.edit(object)
                .editSpec(spec -> spec.clearTargetCPUUtilizationPercentage())
                .editStatus(status -> status.clearCurrentCPUUtilizationPercentage())
                .editMetadata(metadata -> metadata.removeAnnotations(METRICS)
                        .removeAnnotations(BEHAVIOR)
                        .removeAnnotations(CONDITIONS)
                        .removeAnnotations(CURRENT));
        result.editSpec(spec -> {
            if (!metrics.isEmpty()) spec.metrics(metrics);
            if (behavior.isMap()) spec.behavior(HorizontalPodAutoscalerBehavior.of(behavior));
        });
        result.editStatus(status -> {
            if (status.build().currentReplicas() == 0) status.clearCurrentReplicas();
            if (!currentMetrics.isEmpty()) status.currentMetrics(currentMetrics);
            if (!conditions.list().isEmpty())
                status.map().put(HorizontalPodAutoscalerStatus.CONDITIONS, conditions.value());
        });
        return object;
    }

    private static List<MetricSpec> metrics(HorizontalPodAutoscalerV1 old) {
        var metrics = new ArrayList<MetricSpec>();
        for (var metric : annotation(old, METRICS).views())
            metrics.add(MetricSpec.of(View.of(MetricShapes.fromV1(metric, MetricShapes.TARGET))));
        if (old.spec().hasTargetCPUUtilizationPercentage()) {
            int percent = old.spec().targetCPUUtilizationPercentage();
            metrics.add(MetricSpec.builder()
                    .type(MetricSourceType.RESOURCE)
                    .resource(cpu -> cpu.name(CPU)
                            .target(target ->
                                    target.type(MetricTargetType.UTILIZATION).averageUtilization(percent)))
                    .build());
        }
        return metrics;
    }

    private static List<MetricStatus> currentMetrics(HorizontalPodAutoscalerV1 old) {
        var metrics = new ArrayList<MetricStatus>();
        if (old.status().hasCurrentCPUUtilizationPercentage()) {
            int percent = old.status().currentCPUUtilizationPercentage();
            metrics.add(MetricStatus.builder()
                    .type(MetricSourceType.RESOURCE)
                    .resource(cpu -> cpu.name(CPU).current(current -> current.averageUtilization(percent)))
                    .build());
        }
        for (var metric : annotation(old, CURRENT).views())
            metrics.add(MetricStatus.of(View.of(MetricShapes.fromV1(metric, MetricShapes.CURRENT))));
        return metrics;
    }

    static Map<String, Object> fromStorage(Map<String, Object> object) {
        var stored = HorizontalPodAutoscaler.edit(object).build();
        var result = HorizontalPodAutoscalerV1.edit(object).apiVersion("autoscaling/v1");
        var others = new ArrayList<Object>();
        for (var metric : stored.spec().metrics()) {
            var cpu = metric.resource();
            boolean plain = cpu.name().equals(CPU) && cpu.target().hasAverageUtilization();
            if (plain && !result.build().spec().hasTargetCPUUtilizationPercentage())
                result.spec(
                        spec -> spec.targetCPUUtilizationPercentage(cpu.target().averageUtilization()));
            else others.add(MetricShapes.toV1(metric.view(), MetricShapes.TARGET));
        }
        var current = new ArrayList<Object>();
        for (var metric : stored.status().currentMetrics()) {
            var cpu = metric.resource();
            if (cpu.name().equals(CPU) && cpu.current().hasAverageUtilization())
                result.status(status ->
                        status.currentCPUUtilizationPercentage(cpu.current().averageUtilization()));
            current.add(MetricShapes.toV1(metric.view(), MetricShapes.CURRENT));
        }
        annotate(result, METRICS, View.of(others));
        annotate(result, BEHAVIOR, behavior(stored.spec().behavior().view()));
        annotate(result, CONDITIONS, stored.status().raw(HorizontalPodAutoscalerStatus.CONDITIONS));
        annotate(result, CURRENT, View.of(current));
        HorizontalPodAutoscaler.edit(object)
                .editSpec(spec -> spec.clearMetrics().clearBehavior())
                .editStatus(status -> status.clearCurrentMetrics().clearConditions());
        HorizontalPodAutoscalerV1.edit(object).editStatus(status -> {
            if (!status.build().hasCurrentReplicas()) status.currentReplicas(0);
        });
        return object;
    }

    /// The behavior as the annotation has it: with the names of Go's fields.
    private static View behavior(View behavior) {
        if (!behavior.isMap()) return behavior;
        var shown = Check.shown(behavior, "scaleUp", "scaleDown");
        shown.replaceAll((name, rules) -> rules == null ? null : rules(View.of(rules)));
        return View.of(shown);
    }

    private static Map<String, @Nullable Object> rules(View rules) {
        var shown = Check.shown(rules, "stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance");
        shown.computeIfPresent(
                "Policies",
                (name, policies) -> View.of(policies).stream()
                        .map(policy -> Check.shown(policy, "type", "value", "periodSeconds"))
                        .toList());
        return shown;
    }

    /// Names as the published types have them; older annotations have these themselves.
    private static @Nullable Object lower(@Nullable Object tree) {
        if (tree instanceof List<?> list)
            return list.stream().map(AutoscalingV1::lower).toList();
        if (!(tree instanceof Map<?, ?> map)) return tree;
        var lower = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            var name = (String) key;
            if (value != null && !name.isEmpty())
                lower.put(Character.toLowerCase(name.charAt(0)) + name.substring(1), lower(value));
        });
        return lower;
    }

    private static View annotation(HorizontalPodAutoscalerV1 object, String name) {
        var text = object.annotation(name);
        if (text.isEmpty()) return View.ABSENT;
        try {
            return View.of(Json.parse(text));
        } catch (Json.MalformedException e) {
            return View.ABSENT;
        }
    }

    private static void annotate(HorizontalPodAutoscalerV1.Builder object, String name, View value) {
        if (value.isMap() || !value.list().isEmpty())
            object.metadata(metadata -> metadata.putAnnotations(name, Json.writeString(value.value())));
    }
}
