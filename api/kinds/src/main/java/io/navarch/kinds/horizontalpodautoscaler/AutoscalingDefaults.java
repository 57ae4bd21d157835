package io.navarch.kinds.horizontalpodautoscaler;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;

/// Without metrics, four fifths of the CPU asked for; without a behaviour's details, the published ones.
final class AutoscalingDefaults {
    private static final long CPU_PERCENT = 80;

    private AutoscalingDefaults() {}

    static void apply(Map<String, Object> object) {
        var spec = Trees.child(object, "spec");
        if (View.of(spec).get("metrics").list().isEmpty()) {
            spec.put(
                    "metrics",
                    Trees.list(Trees.map(
                            "type",
                            "Resource",
                            "resource",
                            Trees.map(
                                    "name",
                                    "cpu",
                                    "target",
                                    Trees.map("type", "Utilization", "averageUtilization", CPU_PERCENT)))));
        }
        if (!View.of(spec).get("behavior").isMap()) return;
        var behavior = Trees.child(spec, "behavior");
        var up = Trees.child(behavior, "scaleUp");
        Trees.putIfAbsent(up, 0L, "stabilizationWindowSeconds");
        Trees.putIfAbsent(up, "Max", "selectPolicy");
        Trees.putIfAbsent(up, Trees.list(policy("Pods", 4), policy("Percent", 100)), "policies");
        var down = Trees.child(behavior, "scaleDown");
        Trees.putIfAbsent(down, "Max", "selectPolicy");
        Trees.putIfAbsent(down, Trees.list(policy("Percent", 100)), "policies");
    }

    private static Map<String, Object> policy(String type, long value) {
        return Trees.map("type", type, "value", value, "periodSeconds", 15L);
    }
}
