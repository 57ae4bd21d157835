package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.pod.ResourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.model.CrossVersionObjectReference;
import io.navarch.model.Enumeration;
import io.navarch.model.HPAScalingPolicy;
import io.navarch.model.HPAScalingRules;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HpaScalingPolicyType;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.model.ScalingPolicySelect;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Set;

/// Rules of HorizontalPodAutoscaler.
final class AutoscalingRules {
    private static final Set<String> TYPES = Enumeration.texts(MetricSourceType.values());
    /// The sources in the order in which they are looked at.
    private static final List<MetricSourceType> SOURCES = List.of(
            MetricSourceType.OBJECT,
            MetricSourceType.EXTERNAL,
            MetricSourceType.PODS,
            MetricSourceType.RESOURCE,
            MetricSourceType.CONTAINER_RESOURCE);

    private AutoscalingRules() {}

    static List<FieldError> check(HorizontalPodAutoscaler autoscaler, HorizontalPodAutoscaler old) {
        var check = new Check();
        var spec = autoscaler.spec();
        int least = spec.minReplicasOr(1);
        int most = spec.maxReplicas();
        if (least < 1) check.add(FieldError.invalid("spec.minReplicas", least, "must be greater than or equal to 1"));
        if (most == 0) check.missing("spec.maxReplicas", "must be set and greater than 0");
        if (most < 0) check.invalid("spec.maxReplicas", most, "must be greater than or equal to 1");
        if (most < least)
            check.add(FieldError.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
        reference(spec.scaleTargetRef(), "spec.scaleTargetRef", check);
        var version = spec.scaleTargetRef().apiVersion();
        boolean same =
                old.exists() && version.equals(old.spec().scaleTargetRef().apiVersion());
        if (!same && version.indexOf('/') <= 0)
            check.invalid("spec.scaleTargetRef.apiVersion", version, "apiVersion must specify API group");
        int i = 0;
        for (var metric : spec.metrics()) metric(metric, "spec.metrics[" + i++ + "]", check);
        boolean measured = spec.metrics().stream()
                .anyMatch(metric ->
                        metric.type() == MetricSourceType.OBJECT || metric.type() == MetricSourceType.EXTERNAL);
        if (least == 0 && !measured)
            check.forbidden(
                    "spec.metrics",
                    "must specify at least one Object or External metric to support scaling to zero replicas");
        scaling(spec.behavior().scaleUp(), "spec.behavior.scaleUp", check);
        scaling(spec.behavior().scaleDown(), "spec.behavior.scaleDown", check);
        return check.errors();
    }

    private static void reference(CrossVersionObjectReference target, String path, Check check) {
        if (check.required(target.kind(), path + ".kind"))
            check.name(target.kind(), path + ".kind", Names.pathSegment(target.kind()));
        if (check.required(target.name(), path + ".name"))
            check.name(target.name(), path + ".name", Names.pathSegment(target.name()));
    }

    private static void metric(MetricSpec metric, String path, Check check) {
        var type = metric.raw(MetricSpec.TYPE).string();
        if (type.isEmpty()) check.missing(path + ".type", "must specify a metric source type");
        if (metric.type().text().isEmpty()) check.notSupported(path + ".type", type, TYPES);
        var given = SOURCES.stream()
                .filter(each -> metric.raw(MetricSource.field(each)).exists())
                .toList();
        if (!given.isEmpty()) source(metric, given.getFirst(), path, check);
        if (metric.type().text().isEmpty()) {
            check.notSupported(path + ".type", type, TYPES);
        } else if (!given.contains(metric.type())) {
            check.missing(
                    path + "." + MetricSource.field(metric.type()),
                    "must populate information for the given metric source");
        }
        if (given.size() == 1) return;
        for (var other : given)
            if (other != metric.type())
                check.forbidden(path + "." + MetricSource.field(other), "must populate the given metric source only");
    }

    private static void source(MetricSpec metric, MetricSourceType type, String path, Check check) {
        var at = path + "." + MetricSource.field(type);
        var source = MetricSource.of(metric, type);
        if (type == MetricSourceType.OBJECT)
            reference(metric.object().describedObject(), at + ".describedObject", check);
        named(source, type, at, check);
        if (type == MetricSourceType.CONTAINER_RESOURCE) {
            var container = metric.containerResource().container();
            if (container.isEmpty()) check.missing(at + ".container", "must specify a container");
            else check.name(container, at + ".container", Names.dnsLabel(container));
        }
        target(source.target(), at + ".target", check);
        if (ofResource(type)) resourceTarget(source.target(), at + ".target", check);
        else metricTarget(source.target(), type, at + ".target", check);
    }

    private static boolean ofResource(MetricSourceType type) {
        return type == MetricSourceType.RESOURCE || type == MetricSourceType.CONTAINER_RESOURCE;
    }

    private static void named(MetricSource source, MetricSourceType type, String at, Check check) {
        var name = source.metric().name();
        if (ofResource(type)) {
            if (source.name().isEmpty()) check.add(FieldError.required(at + ".name", "must specify a resource name"));
            else if (type == MetricSourceType.CONTAINER_RESOURCE)
                ResourceRules.containerName(source.name(), at + ".name", check);
        } else if (name.isEmpty()) {
            check.add(FieldError.required(at + ".metric.name", "must specify a metric name"));
        } else {
            check.name(name, at + ".metric.name", Names.pathSegment(name));
        }
    }

    private static void target(MetricTarget target, String path, Check check) {
        var kind = target.raw(MetricTarget.TYPE).string();
        if (kind.isEmpty()) check.add(FieldError.required(path + ".type", "must specify a metric target type"));
        if (target.type().text().isEmpty())
            check.add(FieldError.invalid(path + ".type", kind, "must be either Utilization, Value, or AverageValue"));
        if (target.hasValue()) positive(target.value(), path + ".value", check);
        if (target.hasAverageValue()) positive(target.averageValue(), path + ".averageValue", check);
        int utilization = target.averageUtilizationOr(1);
        if (utilization < 1)
            check.add(FieldError.invalid(path + ".averageUtilization", utilization, "must be greater than 0"));
    }

    private static void positive(Quantity amount, String path, Check check) {
        if (amount.value().signum() != 1) check.add(FieldError.invalid(path, amount.toString(), "must be positive"));
    }

    private static void resourceTarget(MetricTarget target, String path, Check check) {
        boolean utilization = target.hasAverageUtilization();
        boolean average = target.hasAverageValue();
        if (!utilization && !average)
            check.add(FieldError.required(
                    path + ".averageUtilization", "must set either a target raw value or a target utilization"));
        if (utilization && average)
            check.add(FieldError.forbidden(
                    path + ".averageValue", "may not set both a target raw value and a target utilization"));
    }

    private static void metricTarget(MetricTarget target, MetricSourceType type, String path, Check check) {
        boolean average = target.hasAverageValue();
        boolean external = type == MetricSourceType.EXTERNAL;
        if (type == MetricSourceType.PODS) {
            if (target.raw(MetricTarget.AVERAGE_VALUE).text().isEmpty())
                check.add(FieldError.required(path + ".averageValue", "must specify a positive target averageValue"));
        } else if (!average && !target.hasValue()) {
            check.add(FieldError.required(
                    path + ".averageValue",
                    external
                            ? "must set either a target value for metric or a per-pod target"
                            : "must set either a target value or averageValue"));
        }
        if (external && average && target.hasValue())
            check.add(FieldError.forbidden(
                    path + ".value", "may not set both a target value for metric and a per-pod target"));
    }

    private static void scaling(HPAScalingRules rules, String path, Check check) {
        if (!rules.exists()) return;
        var at = path + ".stabilizationWindowSeconds";
        int window = rules.stabilizationWindowSeconds();
        if (window < 0) check.add(FieldError.invalid(at, window, "must be greater than or equal to zero"));
        if (window > 3600) check.add(FieldError.invalid(at, window, "must be less than or equal to 3600"));
        check.oneOf(
                rules.raw(HPAScalingRules.SELECT_POLICY),
                path + ".selectPolicy",
                Enumeration.texts(ScalingPolicySelect.values()));
        if (rules.policies().isEmpty())
            check.add(FieldError.required(path + ".policies", "must specify at least one Policy"));
        if (rules.hasTolerance()) check.notNegative(rules.tolerance(), path + ".tolerance");
        int i = 0;
        for (var policy : rules.policies()) policy(policy, path + ".policies[" + i++ + "]", check);
    }

    private static void policy(HPAScalingPolicy policy, String path, Check check) {
        if (policy.type().text().isEmpty())
            check.add(FieldError.notSupported(
                    path + ".type",
                    policy.raw(HPAScalingPolicy.TYPE).string(),
                    Enumeration.texts(HpaScalingPolicyType.values())));
        int period = policy.periodSeconds();
        if (policy.value() <= 0)
            check.add(FieldError.invalid(path + ".value", policy.value(), "must be greater than zero"));
        if (period <= 0) check.add(FieldError.invalid(path + ".periodSeconds", period, "must be greater than zero"));
        if (period > 1800)
            check.add(FieldError.invalid(path + ".periodSeconds", period, "must be less than or equal to 1800"));
    }
}
