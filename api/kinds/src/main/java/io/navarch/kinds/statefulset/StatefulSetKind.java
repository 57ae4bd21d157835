package io.navarch.kinds.statefulset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// StatefulSet.
public final class StatefulSetKind {
    private static final Set<String> MUTABLE = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private StatefulSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apps", "StatefulSet", "statefulsets")
                .version(
                        "v1",
                        types.get("V1StatefulSet"),
                        Columns.withTemplate(
                                "spec.template",
                                Columns.NAME,
                                Columns.text(
                                        "Ready",
                                        s -> s.status().get("readyReplicas").longOr(0) + "/"
                                                + s.spec().get("replicas").longOr(0)),
                                Columns.AGE))
                .shortNames("sts")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .defaultedBy(StatefulSetKind::defaults)
                .statusRuledBy(WorkloadRules.status(
                        "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"))
                .ruledBy(StatefulSetKind::check);
    }

    @SuppressWarnings("unchecked")
    private static void defaults(Map<String, Object> object) {
        var spec = View.of(object).spec();
        if (spec.get("updateStrategy", "type").string().isEmpty()) {
            Trees.put(object, "RollingUpdate", "spec", "updateStrategy", "type");
            Trees.putIfAbsent(object, Trees.map(), "spec", "updateStrategy", "rollingUpdate");
        }
        var strategy = View.of(object).path("spec.updateStrategy");
        if (strategy.get("type").string().equals("RollingUpdate")
                && strategy.get("rollingUpdate").exists()) {
            Trees.putIfAbsent(object, 0L, "spec", "updateStrategy", "rollingUpdate", "partition");
            Trees.putIfAbsent(object, 1L, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable");
        }
        for (var template : spec.get("volumeClaimTemplates").list()) {
            if (!(template instanceof Map<?, ?> map)) continue;
            var claim = (Map<String, Object>) map;
            claim.put("apiVersion", "v1");
            claim.put("kind", "PersistentVolumeClaim");
            Trees.putIfAbsent(claim, "Pending", "status", "phase");
        }
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        WorkloadRules.check(object, View.of(null), "statefulset", check);
        var spec = object.spec();
        var strategy = spec.get("updateStrategy");
        var update = strategy.get("rollingUpdate");
        var path = "spec.updateStrategy.rollingUpdate";
        if (!Set.of("RollingUpdate", "OnDelete").contains(strategy.get("type").string()))
            check.add(
                    FieldError.invalid("spec.updateStrategy", strategy.map(), "must be 'RollingUpdate' or 'OnDelete'"));
        if (!Set.of("OrderedReady", "Parallel")
                .contains(spec.get("podManagementPolicy").string()))
            check.add(FieldError.invalid(
                    "spec.podManagementPolicy",
                    spec.get("podManagementPolicy").string(),
                    "must be 'OrderedReady' or 'Parallel'"));
        if (strategy.get("type").string().equals("OnDelete") && update.exists()) {
            check.add(FieldError.invalid(path, update.map(), "only allowed for updateStrategy 'RollingUpdate'"));
        }
        check.notNegative(update.get("partition"), path + ".partition");
        check.numberOrPercent(update.get("maxUnavailable"), path + ".maxUnavailable");
        check.atMostAll(update.get("maxUnavailable"), path + ".maxUnavailable");
        if (update.get("maxUnavailable").exists() && WorkloadRules.zero(update.get("maxUnavailable"))) {
            check.add(FieldError.invalid(
                    path + ".maxUnavailable", update.get("maxUnavailable").value(), "cannot be 0"));
        }
        if (spec.path("template.spec.activeDeadlineSeconds").exists()) {
            check.add(FieldError.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in StatefulSet is not Supported"));
        }
        if (old.exists() && !Trees.semanticEquals(fixed(object), fixed(old))) {
            check.add(
                    FieldError.forbidden(
                            "spec",
                            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
        }
        return check.errors();
    }

    private static Map<String, Object> fixed(View object) {
        var spec = Trees.copy(object.spec().map());
        spec.keySet().removeAll(MUTABLE);
        return spec;
    }
}
