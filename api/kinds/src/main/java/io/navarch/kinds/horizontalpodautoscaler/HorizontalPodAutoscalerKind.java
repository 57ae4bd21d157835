package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
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
                .ruledBy(AutoscalingRules::check);
    }

    // The columns read the stored version, whatever version is asked for.
    private static Column[] columns() {
        return new Column[] {
            Columns.NAME,
            Columns.text(
                    "Reference",
                    h -> h.spec().get("scaleTargetRef", "kind").string() + "/"
                            + h.spec().get("scaleTargetRef", "name").string()),
            Columns.text("Targets", h -> targets(stored(h))),
            Columns.text(
                    "MinPods",
                    h -> h.spec().get("minReplicas").exists()
                            ? h.spec().get("minReplicas").text()
                            : "<unset>"),
            Columns.count("MaxPods", "spec.maxReplicas"),
            Columns.count("Replicas", "status.currentReplicas"),
            Columns.AGE
        };
    }

    private static View stored(View shown) {
        return shown.get("apiVersion").string().equals("autoscaling/v1")
                ? View.of(AutoscalingV1.toStorage(Trees.copy(shown.map())))
                : shown;
    }

    private static String targets(View autoscaler) {
        var parts = new ArrayList<String>();
        var current = autoscaler.status().get("currentMetrics").views();
        int i = 0;
        for (var metric : autoscaler.spec().get("metrics").views()) {
            var field = AutoscalingRules.field(metric.get("type").string());
            var now = i < current.size() ? current.get(i).get(field, "current") : View.of(null);
            i++;
            var target = metric.get(field, "target");
            var name = metric.get(field, "name").string();
            if (target.get("averageUtilization").exists()) {
                var used = now.get("averageUtilization");
                parts.add(name + ": " + (used.exists() ? used.text() + "%" : "<unknown>") + "/"
                        + target.get("averageUtilization").text() + "%");
            } else {
                var average = target.get("averageValue");
                var wanted = average.exists()
                        ? average.text() + (field.equals("object") || field.equals("external") ? " (avg)" : "")
                        : target.get("value").text();
                var used = now.get(average.exists() ? "averageValue" : "value");
                parts.add((name.isEmpty() ? "" : name + ": ") + (used.exists() ? used.text() : "<unknown>") + "/"
                        + wanted);
            }
        }
        if (parts.isEmpty()) return "<none>";
        return parts.size() <= 2
                ? String.join(", ", parts)
                : String.join(", ", parts.subList(0, 2)) + " + " + (parts.size() - 2) + " more...";
    }
}
