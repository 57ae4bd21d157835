package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.model.ContainerResourceMetricSource;
import io.navarch.model.MetricIdentifier;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.model.MetricTargetType;
import io.navarch.model.ObjectMetricSource;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;

/// Between metrics as the annotations of `autoscaling/v1` have them, flat, and those of `v2`, which nest a target or a
/// current value. The flat form has no model; its names are here.
final class MetricShapes {
    /// The prefix of the flat form's fields, and the field of the other form: a spec has targets, a status current
    /// values.
    static final String TARGET = "target";

    static final String CURRENT = "current";

    private static final String UTILIZATION = "AverageUtilization";
    private static final String AVERAGE = "AverageValue";
    private static final String VALUE = "Value";
    private static final String PLAIN_AVERAGE = "averageValue";
    private static final String METRIC = "metricName";
    private static final String METRIC_SELECTOR = "metricSelector";
    private static final String SELECTOR = "selector";
    private static final String OBJECT = "target";

    /// Some amounts of the flat form are always told.
    private static final String NOTHING = "0";

    private MetricShapes() {}

    /// @param side [#TARGET] or [#CURRENT]
    static Map<String, Object> fromV1(View metric, String side) {
        var type = MetricSpec.of(metric).type();
        var flat = metric.get(MetricSource.field(type));
        var utilization = flat.get(side + UTILIZATION);
        var average = flat.get(side + AVERAGE).exists() ? flat.get(side + AVERAGE) : flat.get(PLAIN_AVERAGE);
        var value = flat.get(side + VALUE);
        var kind = utilization.exists()
                ? MetricTargetType.UTILIZATION
                : average.exists() ? MetricTargetType.AVERAGE_VALUE : MetricTargetType.VALUE;
        var share = Trees.map(
                MetricTarget.TYPE,
                side.equals(CURRENT) ? null : kind.text(),
                MetricTarget.AVERAGE_UTILIZATION,
                utilization.value(),
                MetricTarget.AVERAGE_VALUE,
                average.value(),
                MetricTarget.VALUE,
                zero(value) && average.exists() ? null : value.value());
        var source = Trees.map(
                ContainerResourceMetricSource.NAME,
                flat.get(ContainerResourceMetricSource.NAME).value(),
                ContainerResourceMetricSource.CONTAINER,
                flat.get(ContainerResourceMetricSource.CONTAINER).value(),
                ObjectMetricSource.DESCRIBED_OBJECT,
                flat.get(OBJECT).value(),
                ObjectMetricSource.METRIC,
                named(flat).view().value(),
                side,
                share);
        return Trees.map(MetricSpec.TYPE, metric.get(MetricSpec.TYPE).value(), MetricSource.field(type), source);
    }

    private static boolean zero(View amount) {
        return Quantity.parseOr(amount.value(), Quantity.ZERO).value().signum() == 0;
    }

    private static MetricIdentifier named(View flat) {
        if (!flat.get(METRIC).exists()) return MetricIdentifier.ABSENT;
        var selector = flat.get(METRIC_SELECTOR).exists() ? flat.get(METRIC_SELECTOR) : flat.get(SELECTOR);
        return MetricIdentifier.of(View.of(Trees.map(
                MetricIdentifier.NAME, flat.get(METRIC).value(), MetricIdentifier.SELECTOR, selector.value())));
    }

    /// @param metric a `MetricSpec` or a `MetricStatus`
    static Map<String, Object> toV1(View metric, String side) {
        var type = MetricSpec.of(metric).type();
        var full = metric.get(MetricSource.field(type));
        var share = MetricTarget.of(full.get(side));
        var identifier = MetricIdentifier.of(full.get(ObjectMetricSource.METRIC));
        var flat = Trees.map(
                ContainerResourceMetricSource.NAME,
                full.get(ContainerResourceMetricSource.NAME).value(),
                ContainerResourceMetricSource.CONTAINER,
                full.get(ContainerResourceMetricSource.CONTAINER).value(),
                METRIC,
                identifier.raw(MetricIdentifier.NAME).value());
        var selector = identifier.selector().view();
        var average = share.raw(MetricTarget.AVERAGE_VALUE);
        switch (type) {
            case OBJECT -> {
                flat.put(OBJECT, full.get(ObjectMetricSource.DESCRIBED_OBJECT).value());
                put(flat, SELECTOR, selector);
                put(flat, side + VALUE, share.raw(MetricTarget.VALUE));
                flat.putIfAbsent(side + VALUE, NOTHING);
                put(flat, PLAIN_AVERAGE, average);
            }
            case EXTERNAL -> {
                put(flat, METRIC_SELECTOR, selector);
                put(flat, side + VALUE, share.raw(MetricTarget.VALUE));
                if (side.equals(CURRENT)) flat.putIfAbsent(side + VALUE, NOTHING);
                put(flat, side + AVERAGE, average);
            }
            default -> {
                put(flat, SELECTOR, selector);
                put(flat, side + UTILIZATION, share.raw(MetricTarget.AVERAGE_UTILIZATION));
                put(flat, side + AVERAGE, average);
                if (side.equals(CURRENT) || type == MetricSourceType.PODS) flat.putIfAbsent(side + AVERAGE, NOTHING);
            }
        }
        return Trees.map(MetricSpec.TYPE, metric.get(MetricSpec.TYPE).value(), MetricSource.field(type), flat);
    }

    private static void put(Map<String, Object> map, String name, View value) {
        if (value.exists()) map.put(name, value.value());
    }
}
