package io.navarch.kinds.daemonset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// DaemonSet.
public final class DaemonSetKind {
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    private DaemonSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apps", "DaemonSet", "daemonsets")
                .version(
                        "v1",
                        types.get("V1DaemonSet"),
                        WorkloadRules.columns(
                                Columns.NAME,
                                Columns.count("Desired", "status.desiredNumberScheduled"),
                                Columns.count("Current", "status.currentNumberScheduled"),
                                Columns.count("Ready", "status.numberReady"),
                                Columns.count("Up-to-date", "status.updatedNumberScheduled"),
                                Columns.count("Available", "status.numberAvailable"),
                                Columns.text("Node Selector", DaemonSetKind::nodeSelector),
                                Columns.AGE))
                .shortNames("ds")
                .categories("all")
                .withStatus()
                .withGeneration()
                .defaultedBy(DaemonSetKind::defaults)
                .preparedBy(DaemonSetKind::prepare)
                .statusRuledBy((object, old) -> {
                    var check = new Check();
                    WorkloadRules.collisions(object, old, check);
                    return check.errors();
                })
                .ruledBy(DaemonSetKind::check);
    }

    private static String nodeSelector(View object) {
        return Columns.orNone(LabelSelector.ofLabels(
                        object.path("spec.template.spec.nodeSelector").stringMap())
                .toString());
    }

    private static void defaults(Map<String, Object> object) {
        if (View.of(object).path("spec.updateStrategy.type").string().equals("RollingUpdate")) {
            Trees.putIfAbsent(object, 1L, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
            Trees.putIfAbsent(object, 0L, "spec", "updateStrategy", "rollingUpdate", "maxSurge");
        }
    }

    /// The template's generation, which older clients read from an annotation, counts changes of the template.
    private static void prepare(Map<String, Object> object, View old) {
        var before = old.annotation(TEMPLATE_GENERATION);
        long generation = before.matches("[0-9]{1,18}") ? Long.parseLong(before) : 0;
        boolean changed = !Trees.semanticEquals(
                View.of(object).path("spec.template").value(),
                old.path("spec.template").value());
        Trees.put(
                object,
                String.valueOf(changed || !old.exists() ? generation + 1 : generation),
                "metadata",
                "annotations",
                TEMPLATE_GENERATION);
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        WorkloadRules.check(object, old, "daemonset", check);
        if (object.path("spec.template.spec.activeDeadlineSeconds").exists()) {
            check.add(FieldError.forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in DaemonSet is not Supported"));
        }
        var strategy = object.spec().get("updateStrategy");
        var update = strategy.get("rollingUpdate");
        if (!Set.of("RollingUpdate", "OnDelete").contains(strategy.get("type").string()))
            check.add(FieldError.notSupported(
                    "spec.updateStrategy", strategy.map(), Set.of("RollingUpdate", "OnDelete")));
        if (strategy.get("type").string().equals("RollingUpdate")) {
            var path = "spec.updateStrategy.rollingUpdate";
            if (!update.exists()) check.add(FieldError.required(path));
            check.numberOrPercent(update.get("maxUnavailable"), path + ".maxUnavailable");
            check.numberOrPercent(update.get("maxSurge"), path + ".maxSurge");
            boolean surge = !WorkloadRules.zero(update.get("maxSurge"));
            boolean gone = !WorkloadRules.zero(update.get("maxUnavailable"));
            if (surge && gone)
                check.add(FieldError.invalid(
                        path + ".maxSurge",
                        update.get("maxSurge").value(),
                        "may not be set when maxUnavailable is non-zero"));
            if (!surge && !gone)
                check.add(FieldError.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0"));
            check.atMostAll(update.get("maxUnavailable"), path + ".maxUnavailable");
            check.atMostAll(update.get("maxSurge"), path + ".maxSurge");
        }
        return check.errors();
    }
}
