package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;

/// Rules of HorizontalPodAutoscaler.
final class AutoscalingRules {
    private AutoscalingRules() {}

    /// The field that holds a metric of this type.
    static String field(String type) {
        return type.isEmpty() ? "" : Character.toLowerCase(type.charAt(0)) + type.substring(1);
    }

    static List<FieldError> check(View object, View old) {
        var check = new Check();
        var spec = object.spec();
        if (spec.get("minReplicas").longOr(1) < 1)
            check.add(FieldError.invalid(
                    "spec.minReplicas", spec.get("minReplicas").value(), "must be greater than or equal to 1"));
        long most = spec.get("maxReplicas").longOr(0);
        if (most < 1) check.add(FieldError.invalid("spec.maxReplicas", most, "must be greater than 0"));
        if (most < spec.get("minReplicas").longOr(1))
            check.add(FieldError.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
        reference(spec.get("scaleTargetRef"), "spec.scaleTargetRef", check);
        int i = 0;
        for (var metric : spec.get("metrics").views()) metric(metric, "spec.metrics[" + i++ + "]", check);
        for (var direction : List.of("scaleUp", "scaleDown")) {
            var rules = spec.get("behavior", direction);
            if (rules.exists()) scaling(rules, "spec.behavior." + direction, check);
        }
        return check.errors();
    }

    private static void reference(View target, String path, Check check) {
        for (var field : List.of("kind", "name")) {
            if (check.required(target.get(field), path + "." + field))
                check.name(
                        target.get(field).string(),
                        path + "." + field,
                        Names.pathSegment(target.get(field).string()));
        }
    }

    private static void metric(View metric, String path, Check check) {
        var type = metric.get("type").string();
        if (type.isEmpty()) {
            check.add(FieldError.required(path + ".type", "must specify a metric source type"));
        }
        var types = Set.of("ContainerResource", "External", "Object", "Pods", "Resource");
        if (!types.contains(type)) {
            check.add(FieldError.notSupported(path + ".type", type, types));
            return;
        }
        var at = path + "." + field(type);
        var source = metric.get(field(type));
        if (!source.exists()) {
            check.add(FieldError.required(at, "must populate information for the given metric source"));
            return;
        }
        for (var other : types) {
            if (!other.equals(type) && metric.get(field(other)).exists())
                check.add(
                        FieldError.forbidden(path + "." + field(other), "must populate the given metric source only"));
        }
        boolean resource = type.endsWith("Resource");
        if (resource) {
            if (source.get("name").string().isEmpty())
                check.add(FieldError.required(at + ".name", "must specify a resource name"));
        } else {
            var name = source.get("metric", "name").string();
            if (name.isEmpty()) check.add(FieldError.required(at + ".metric.name", "must specify a metric name"));
            else check.name(name, at + ".metric.name", Names.pathSegment(name));
        }
        if (type.equals("ContainerResource")) check.required(source.get("container"), at + ".container");
        if (type.equals("Object")) reference(source.get("describedObject"), at + ".describedObject", check);
        target(source.get("target"), resource, type, at + ".target", check);
    }

    private static void target(View target, boolean resource, String type, String path, Check check) {
        var kind = target.get("type").string();
        if (kind.isEmpty()) check.add(FieldError.required(path + ".type", "must specify a metric target type"));
        if (!Set.of("AverageValue", "Utilization", "Value").contains(kind))
            check.add(FieldError.invalid(path + ".type", kind, "must be either Utilization, Value, or AverageValue"));
        for (var field : List.of("value", "averageValue")) {
            var amount = Quantity.parseOr(target.get(field).value(), null);
            if (amount != null && amount.value().signum() != 1)
                check.add(FieldError.invalid(path + "." + field, amount.toString(), "must be positive"));
        }
        var utilization = target.get("averageUtilization");
        if (utilization.exists() && utilization.longOr(0) < 1)
            check.add(FieldError.invalid(path + ".averageUtilization", utilization.value(), "must be greater than 0"));
        boolean average = target.get("averageValue").exists();
        if (resource) {
            if (!utilization.exists() && !average)
                check.add(FieldError.required(
                        path + ".averageUtilization", "must set either a target raw value or a target utilization"));
            if (utilization.exists() && average)
                check.add(FieldError.forbidden(
                        path + ".averageValue", "may not set both a target raw value and a target utilization"));
        } else if (type.equals("Pods")) {
            if (!average || target.get("averageValue").text().isEmpty())
                check.add(FieldError.required(path + ".averageValue", "must specify a positive target averageValue"));
        } else {
            if (!average && !target.get("value").exists())
                check.add(FieldError.required(
                        path + ".averageValue",
                        type.equals("External")
                                ? "must set either a target value for metric or a per-pod target"
                                : "must set either a target value or averageValue"));
            if (type.equals("External") && average && target.get("value").exists())
                check.add(FieldError.forbidden(
                        path + ".value", "may not set both a target value and target averageValue"));
        }
    }

    private static void scaling(View rules, String path, Check check) {
        var window = rules.get("stabilizationWindowSeconds");
        if (window.longOr(0) < 0)
            check.add(FieldError.invalid(
                    path + ".stabilizationWindowSeconds", window.value(), "must be greater than or equal to zero"));
        if (window.longOr(0) > 3600)
            check.add(FieldError.invalid(
                    path + ".stabilizationWindowSeconds", window.value(), "must be less than or equal to 3600"));
        check.oneOf(rules.get("selectPolicy"), path + ".selectPolicy", Set.of("Disabled", "Max", "Min"));
        if (rules.get("policies").list().isEmpty())
            check.add(FieldError.required(path + ".policies", "must specify at least one Policy"));
        int i = 0;
        for (var policy : rules.get("policies").views()) {
            var at = path + ".policies[" + i++ + "]";
            if (!Set.of("Percent", "Pods").contains(policy.get("type").string()))
                check.add(
                        FieldError.notSupported(at + ".type", policy.get("type").string(), Set.of("Percent", "Pods")));
            for (var field : List.of("value", "periodSeconds")) {
                if (policy.get(field).longOr(0) <= 0)
                    check.add(FieldError.invalid(
                            at + "." + field, policy.get(field).longOr(0), "must be greater than zero"));
            }
            if (policy.get("periodSeconds").longOr(0) > 1800)
                check.add(FieldError.invalid(
                        at + ".periodSeconds",
                        policy.get("periodSeconds").value(),
                        "must be less than or equal to 1800"));
        }
    }
}
