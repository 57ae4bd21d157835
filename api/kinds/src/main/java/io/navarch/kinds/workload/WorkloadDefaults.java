package io.navarch.kinds.workload;

import io.navarch.kinds.pod.PodDefaults;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.Map;

/// Defaults of the controllers that keep a number of equal pods.
final class WorkloadDefaults {
    private WorkloadDefaults() {}

    static void replicaSet(Map<String, Object> object) {
        Trees.putIfAbsent(object, 1L, "spec", "replicas");
        template(object);
        selectorFromTemplate(object);
    }

    static void deployment(Map<String, Object> object) {
        Trees.putIfAbsent(object, 1L, "spec", "replicas");
        Trees.putIfAbsent(object, 10L, "spec", "revisionHistoryLimit");
        Trees.putIfAbsent(object, 600L, "spec", "progressDeadlineSeconds");
        Trees.putIfAbsent(object, "RollingUpdate", "spec", "strategy", "type");
        if (View.of(object).spec().get("strategy", "type").string().equals("RollingUpdate")) {
            var strategy = Trees.child(Trees.child(object, "spec"), "strategy");
            Trees.putIfAbsent(strategy, "25%", "rollingUpdate", "maxUnavailable");
            Trees.putIfAbsent(strategy, "25%", "rollingUpdate", "maxSurge");
        }
        template(object);
    }

    private static void template(Map<String, Object> object) {
        PodDefaults.applyToTemplate(Trees.child(Trees.child(object, "spec"), "template"));
    }

    private static void selectorFromTemplate(Map<String, Object> object) {
        var labels = View.of(object).spec().get("template").metadata().get("labels");
        if (!labels.map().isEmpty()) Trees.putIfAbsent(object, labels.value(), "metadata", "labels");
    }
}
