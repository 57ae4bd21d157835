package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Between `autoscaling/v1` and `v2`: one CPU percentage is a field of v1, everything else of v2 travels in
/// annotations there, so that nothing is lost on the way through an old client.
final class AutoscalingV1 {
    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String CURRENT = "autoscaling.alpha.kubernetes.io/current-metrics";

    private AutoscalingV1() {}

    static Map<String, Object> toStorage(Map<String, Object> object) {
        object.put("apiVersion", "autoscaling/v2");
        var view = View.of(object);
        var metrics = new ArrayList<Object>();
        var cpu = view.spec().get("targetCPUUtilizationPercentage");
        if (cpu.exists()) metrics.add(cpu(cpu.longOr(0), "target", "Utilization"));
        for (var metric : annotation(view, METRICS).views()) metrics.add(MetricShapes.fromV1(metric, "target"));
        if (view.get("spec").isMap()) {
            Trees.remove(object, "spec", "targetCPUUtilizationPercentage");
            if (!metrics.isEmpty()) Trees.put(object, metrics, "spec", "metrics");
            if (annotation(view, BEHAVIOR).isMap())
                Trees.put(object, annotation(view, BEHAVIOR).value(), "spec", "behavior");
        }
        var current = new ArrayList<Object>();
        var used = view.status().get("currentCPUUtilizationPercentage");
        if (used.exists()) current.add(cpu(used.longOr(0), "current", null));
        for (var metric : annotation(view, CURRENT).views()) current.add(MetricShapes.fromV1(metric, "current"));
        if (view.get("status").isMap()) {
            Trees.remove(object, "status", "currentCPUUtilizationPercentage");
            if (!current.isEmpty()) Trees.put(object, current, "status", "currentMetrics");
            if (!annotation(view, CONDITIONS).list().isEmpty())
                Trees.put(object, annotation(view, CONDITIONS).value(), "status", "conditions");
        }
        for (var name : List.of(METRICS, BEHAVIOR, CONDITIONS, CURRENT))
            Trees.remove(object, "metadata", "annotations", name);
        return object;
    }

    static Map<String, Object> fromStorage(Map<String, Object> object) {
        object.put("apiVersion", "autoscaling/v1");
        var view = View.of(object);
        var spec = view.spec();
        var others = new ArrayList<Object>();
        for (var metric : spec.get("metrics").views()) {
            var utilization = metric.get("resource", "target", "averageUtilization");
            boolean plain = metric.get("resource", "name").string().equals("cpu") && utilization.exists();
            if (plain
                    && !View.of(object)
                            .spec()
                            .get("targetCPUUtilizationPercentage")
                            .exists()) Trees.put(object, utilization.value(), "spec", "targetCPUUtilizationPercentage");
            else others.add(MetricShapes.toV1(metric, "target"));
        }
        var current = new ArrayList<Object>();
        for (var metric : view.status().get("currentMetrics").views()) {
            var utilization = metric.get("resource", "current", "averageUtilization");
            if (metric.get("resource", "name").string().equals("cpu") && utilization.exists())
                Trees.put(object, utilization.value(), "status", "currentCPUUtilizationPercentage");
            current.add(MetricShapes.toV1(metric, "current"));
        }
        annotate(object, METRICS, others.isEmpty() ? null : others);
        annotate(object, BEHAVIOR, spec.get("behavior").value());
        annotate(
                object,
                CONDITIONS,
                view.status().get("conditions").list().isEmpty()
                        ? null
                        : view.status().get("conditions").value());
        annotate(object, CURRENT, current.isEmpty() ? null : current);
        for (var path : List.of("metrics", "behavior")) Trees.remove(object, "spec", path);
        for (var path : List.of("currentMetrics", "conditions")) Trees.remove(object, "status", path);
        return object;
    }

    private static Map<String, Object> cpu(long percent, String side, String type) {
        var share = Trees.map("type", type, "averageUtilization", percent);
        return Trees.map("type", "Resource", "resource", Trees.map("name", "cpu", side, share));
    }

    private static View annotation(View object, String name) {
        var text = object.annotation(name);
        if (text.isEmpty()) return View.of(null);
        try {
            return View.of(Json.parse(text));
        } catch (Json.MalformedException e) {
            return View.of(null);
        }
    }

    private static void annotate(Map<String, Object> object, String name, Object value) {
        if (value != null) Trees.put(object, Json.writeString(value), "metadata", "annotations", name);
    }
}
