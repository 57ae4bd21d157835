package io.navarch.kinds.deployment;

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

/// Deployment.
public final class DeploymentKind {
    private DeploymentKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apps", "Deployment", "deployments")
                .version(
                        "v1",
                        types.get("V1Deployment"),
                        WorkloadRules.columns(
                                Columns.NAME,
                                Columns.text(
                                        "Ready",
                                        d -> d.status().get("readyReplicas").longOr(0) + "/"
                                                + d.spec().get("replicas").longOr(0)),
                                Columns.count("Up-to-date", "status.updatedReplicas"),
                                Columns.count("Available", "status.availableReplicas"),
                                Columns.AGE))
                .shortNames("deploy")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .readingOldForm(DeploymentKind::bareStrategy)
                .defaultedBy(DeploymentKind::defaults)
                .statusRuledBy(WorkloadRules.status("updatedReplicas", "readyReplicas", "availableReplicas"))
                .ruledBy(DeploymentKind::check);
    }

    private static void defaults(Map<String, Object> object) {
        if (View.of(object).path("spec.strategy.type").string().equals("RollingUpdate")) {
            Trees.putIfAbsent(object, "25%", "spec", "strategy", "rollingUpdate", "maxUnavailable");
            Trees.putIfAbsent(object, "25%", "spec", "strategy", "rollingUpdate", "maxSurge");
        }
    }

    private static List<FieldError> check(View object, View old) {
        var check = new Check();
        WorkloadRules.check(object, old, "deployment", check);
        var spec = object.spec();
        var strategy = spec.get("strategy");
        var update = strategy.get("rollingUpdate");
        if (!Set.of("Recreate", "RollingUpdate").contains(strategy.get("type").string()))
            check.add(FieldError.notSupported("spec.strategy", strategy.map(), Set.of("Recreate", "RollingUpdate")));
        if (strategy.get("type").string().equals("Recreate") && update.exists()) {
            check.add(FieldError.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        }
        if (update.exists()) WorkloadRules.rollingUpdate(update, "spec.strategy.rollingUpdate", check);
        long deadline = spec.get("progressDeadlineSeconds").longOr(600);
        if (deadline <= spec.get("minReadySeconds").longOr(0)) {
            check.add(FieldError.invalid(
                    "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
        }
        return check.errors();
    }

    /// Old manifests write `strategy: RollingUpdate`, a bare word where an object belongs.
    private static List<String> bareStrategy(Map<String, Object> object) {
        if (!(View.of(object).spec().get("strategy").value() instanceof String word)) return List.of();
        Trees.put(object, Trees.map("type", word), "spec", "strategy");
        return List.of("spec.strategy: \"" + word + "\" is not an object; taken as {type: " + word + "}");
    }
}
