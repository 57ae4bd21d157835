package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;

/// A metric as the annotations of `autoscaling/v1` write it, flat, and as `v2` does, with a target or a current value.
final class MetricShapes {
    private MetricShapes() {}

    /// @param side `target` or `current`
    static Map<String, Object> fromV1(View metric, String side) {
        var type = metric.get("type").string();
        var field = AutoscalingRules.field(type);
        var flat = metric.get(field);
        var prefix = side;
        var utilization = flat.get(prefix + "AverageUtilization");
        var average = flat.get(prefix + "AverageValue").exists()
                ? flat.get(prefix + "AverageValue")
                : flat.get("averageValue");
        var value = flat.get(prefix + "Value");
        var share = Trees.map(
                "type",
                side.equals("current")
                        ? null
                        : utilization.exists() ? "Utilization" : average.exists() ? "AverageValue" : "Value",
                "averageUtilization",
                utilization.value(),
                "averageValue",
                average.value(),
                "value",
                zero(value) && average.exists() ? null : value.value());
        var made = Trees.map(
                "name",
                flat.get("name").value(),
                "container",
                flat.get("container").value(),
                "describedObject",
                flat.get("target").value(),
                "metric",
                named(flat),
                side,
                share);
        return Trees.map("type", type, field, made);
    }

    private static boolean zero(View amount) {
        return Quantity.parseOr(amount.value(), Quantity.ZERO).value().signum() == 0;
    }

    private static Object named(View flat) {
        if (!flat.get("metricName").exists()) return null;
        var selector = flat.get("metricSelector").exists() ? flat.get("metricSelector") : flat.get("selector");
        return Trees.map("name", flat.get("metricName").value(), "selector", selector.value());
    }

    static Map<String, Object> toV1(View metric, String side) {
        var type = metric.get("type").string();
        var field = AutoscalingRules.field(type);
        var full = metric.get(field);
        var share = full.get(side);
        var flat = Trees.map(
                "name", full.get("name").value(),
                "container", full.get("container").value(),
                "metricName", full.get("metric", "name").value());
        var selector = full.get("metric", "selector");
        switch (field) {
            case "object" -> {
                flat.put("target", full.get("describedObject").value());
                put(flat, "selector", selector);
                put(flat, side + "Value", share.get("value"));
                flat.putIfAbsent(side + "Value", "0");
                put(flat, "averageValue", share.get("averageValue"));
            }
            case "external" -> {
                put(flat, "metricSelector", selector);
                put(flat, side + "Value", share.get("value"));
                put(flat, side + "AverageValue", share.get("averageValue"));
            }
            default -> {
                put(flat, "selector", selector);
                put(flat, side + "AverageUtilization", share.get("averageUtilization"));
                put(flat, side + "AverageValue", share.get("averageValue"));
            }
        }
        return Trees.map("type", type, field, flat);
    }

    private static void put(Map<String, Object> map, String name, View value) {
        if (value.exists()) map.put(name, value.value());
    }
}
