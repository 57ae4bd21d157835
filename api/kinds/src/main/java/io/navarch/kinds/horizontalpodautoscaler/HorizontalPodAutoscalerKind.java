package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.types.Types;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.model.MetricValueStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;

/// HorizontalPodAutoscaler: stored as `autoscaling/v2`, also served as `v1`.
public final class HorizontalPodAutoscalerKind {
    private HorizontalPodAutoscalerKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.HORIZONTAL_POD_AUTOSCALERS)
                .version(types.get("V2HorizontalPodAutoscaler"), HorizontalPodAutoscalerKind::columns)
                .version("v1", types.get("V1HorizontalPodAutoscaler"), HorizontalPodAutoscalerKind::columns)
                .converted(AutoscalingV1::toStorage, AutoscalingV1::fromStorage)
                .shortNames("hpa")
                .categories("all")
                .withStatus()
                .defaultedBy(AutoscalingDefaults::apply)
                .ruledBy(AutoscalingRules::check)
                .build();
    }

    private static void columns(ColumnList<HorizontalPodAutoscaler> columns) {
        columns.name()
                .text("Reference", HorizontalPodAutoscalerKind::reference)
                .text("Targets", autoscaler -> targets(stored(autoscaler)))
                .text("MinPods", HorizontalPodAutoscalerKind::least)
                .untyped("MaxPods", autoscaler -> (long) autoscaler.spec().maxReplicas())
                .untyped("Replicas", autoscaler -> (long) autoscaler.status().currentReplicas())
                .age();
    }

    private static String reference(HorizontalPodAutoscaler autoscaler) {
        var target = autoscaler.spec().scaleTargetRef();
        return target.kind() + "/" + target.name();
    }

    private static String least(HorizontalPodAutoscaler autoscaler) {
        var spec = autoscaler.spec();
        return spec.hasMinReplicas() ? String.valueOf(spec.minReplicas()) : "<unset>";
    }

    /// Metrics are read in the stored form, whichever version is shown.
    private static HorizontalPodAutoscaler stored(HorizontalPodAutoscaler shown) {
        return shown.apiVersion().equals("autoscaling/v1")
                ? HorizontalPodAutoscaler.of(
                        View.of(AutoscalingV1.toStorage(shown.toBuilder().map())))
                : shown;
    }

    private static String targets(HorizontalPodAutoscaler autoscaler) {
        var parts = new ArrayList<String>();
        var current = autoscaler.status().currentMetrics();
        for (var metric : autoscaler.spec().metrics()) {
            int i = parts.size();
            parts.add(share(
                    metric,
                    i < current.size()
                            ? MetricSource.current(current.get(i), metric.type())
                            : MetricValueStatus.ABSENT));
        }
        if (parts.isEmpty()) return "<none>";
        return parts.size() <= 2
                ? String.join(", ", parts)
                : String.join(", ", parts.subList(0, 2)) + " + " + (parts.size() - 2) + " more...";
    }

    /// What a metric is, and what it should be: `cpu: 40%/80%`.
    private static String share(MetricSpec metric, MetricValueStatus now) {
        var source = MetricSource.of(metric);
        var target = source.target();
        if (target.hasAverageUtilization()) {
            var used = now.hasAverageUtilization() ? now.averageUtilization() + "%" : "<unknown>";
            return source.name() + ": " + used + "/" + target.averageUtilization() + "%";
        }
        boolean average = target.hasAverageValue();
        boolean shared = metric.type() == MetricSourceType.OBJECT || metric.type() == MetricSourceType.EXTERNAL;
        var field = average ? MetricTarget.AVERAGE_VALUE : MetricTarget.VALUE;
        var wanted = target.raw(field).text() + (average && shared ? " (avg)" : "");
        var used = now.raw(field);
        return (source.name().isEmpty() ? "" : source.name() + ": ") + (used.exists() ? used.text() : "<unknown>") + "/"
                + wanted;
    }
}
