package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.MetricSourceType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.model.MetricValueStatus;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.ArrayList;
import java.util.List;

/// HorizontalPodAutoscaler: stored as `autoscaling/v2`, also served as `v1`.
public final class HorizontalPodAutoscalerKind {
    private HorizontalPodAutoscalerKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers")
                .version("v2", types.get("V2HorizontalPodAutoscaler"), columns())
                .version(new KindDefinition.Version(
                        "v1",
                        types.get("V1HorizontalPodAutoscaler"),
                        true,
                        "",
                        AutoscalingV1::toStorage,
                        AutoscalingV1::fromStorage,
                        List.of(columns())))
                .shortNames("hpa")
                .categories("all")
                .withStatus()
                .withGeneration()
                .defaultedBy(AutoscalingDefaults::apply)
                .ruledBy((object, old) -> AutoscalingRules.check(HorizontalPodAutoscaler.of(object)));
    }

    private static Column[] columns() {
        return new Column[] {
            Columns.NAME,
            Columns.text("Reference", HorizontalPodAutoscaler::of, HorizontalPodAutoscalerKind::reference),
            Columns.text("Targets", HorizontalPodAutoscalerKind::stored, HorizontalPodAutoscalerKind::targets),
            Columns.text("MinPods", HorizontalPodAutoscaler::of, HorizontalPodAutoscalerKind::least),
            Columns.number("MaxPods", HorizontalPodAutoscaler::of, h -> h.spec().maxReplicas()),
            Columns.number(
                    "Replicas", HorizontalPodAutoscaler::of, h -> h.status().currentReplicas()),
            Columns.AGE
        };
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
    private static HorizontalPodAutoscaler stored(View shown) {
        boolean converted = HorizontalPodAutoscaler.of(shown).apiVersion().equals("autoscaling/v1");
        return HorizontalPodAutoscaler.of(
                converted ? View.of(AutoscalingV1.toStorage(Trees.copy(shown.map()))) : shown);
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
