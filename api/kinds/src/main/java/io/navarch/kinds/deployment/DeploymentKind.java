package io.navarch.kinds.deployment;

import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.Deployment;
import io.navarch.model.DeploymentSpec;
import io.navarch.model.DeploymentStatus;
import io.navarch.model.DeploymentStrategy;
import io.navarch.model.DeploymentStrategyType;
import io.navarch.model.Resources;
import io.navarch.model.RollingUpdateDeployment;
import io.navarch.objects.FieldError;
import io.navarch.objects.IntOrString;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Deployment.
public final class DeploymentKind {
    private static final IntOrString QUARTER = IntOrString.of("25%");

    private DeploymentKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.DEPLOYMENTS)
                .version(types.get("V1Deployment"), DeploymentKind::columns)
                .shortNames("deploy")
                .categories("all")
                .withStatus()
                .resetting("status", "spec", "metadata.labels")
                .withGenerationOfAnnotations()
                .withScale(WorkloadRules.SCALE)
                .readingOldForm(DeploymentKind::bareStrategy)
                .defaultedBy(Deployment::edit, DeploymentKind::defaults)
                .statusRuledBy(WorkloadRules.status(
                        "readyReplicas",
                        Deployment::status,
                        DeploymentStatus.UPDATED_REPLICAS,
                        DeploymentStatus.READY_REPLICAS,
                        DeploymentStatus.AVAILABLE_REPLICAS))
                .preparedBy(Deployment::edit, (now, old) -> {
                    if (now.build().spec().hasTemplate())
                        now.spec(spec -> spec.template(PodDefaults::withholdFromPods));
                })
                .ruledBy(DeploymentKind::check)
                .warning((set, old) ->
                        WorkloadRules.warnings(set, old, set.spec().template()))
                .build();
    }

    private static void columns(ColumnList<Deployment> columns) {
        columns.name()
                .text("Ready", d -> d.status().readyReplicas() + "/" + d.spec().replicas())
                .untyped("Up-to-date", d -> (long) d.status().updatedReplicas())
                .untyped("Available", d -> (long) d.status().availableReplicas())
                .age();
        WorkloadRules.podColumns(
                columns, d -> d.spec().template(), d -> d.spec().selector());
    }

    private static void defaults(Deployment.Builder deployment) {
        var strategy = deployment.build().spec().strategy();
        if (strategy.type() == DeploymentStrategyType.ROLLING_UPDATE)
            deployment.spec(spec -> spec.strategy(each -> each.rollingUpdate(DeploymentKind::quarters)));
    }

    private static void quarters(RollingUpdateDeployment.Builder update) {
        var given = update.build();
        if (!given.hasMaxUnavailable()) update.maxUnavailable(QUARTER);
        if (!given.hasMaxSurge()) update.maxSurge(QUARTER);
    }

    private static List<FieldError> check(Deployment deployment, Deployment old) {
        var check = new Check();
        var spec = deployment.spec();
        WorkloadRules.check(spec.selector(), old.spec().selector(), spec.template(), "deployment", check);
        WorkloadRules.noDeadline(spec.template(), "ReplicaSet", check);
        var strategy = spec.strategy();
        var update = strategy.rollingUpdate();
        var path = "spec.strategy.rollingUpdate";
        if (!strategy.type().known())
            check.notSupported(
                    "spec.strategy", WorkloadRules.shownStrategy(strategy.view()), Set.of("Recreate", "RollingUpdate"));
        if (strategy.type() == DeploymentStrategyType.RECREATE && update.exists())
            check.forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
        if (update.exists()) WorkloadRules.rollingUpdate(update.maxUnavailable(), update.maxSurge(), path, check);
        int deadline = spec.progressDeadlineSecondsOr(600);
        if (deadline <= spec.minReadySeconds())
            check.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        return check.errors();
    }

    /// Old manifests write `strategy: RollingUpdate`, a bare word where an object belongs.
    private static List<String> bareStrategy(Map<String, Object> tree) {
        var strategy = new Deployment(tree).spec().raw(DeploymentSpec.STRATEGY);
        if (!(strategy.value() instanceof String word)) return List.of();
        var meant = new DeploymentStrategy(Map.of(DeploymentStrategy.TYPE, word));
        Deployment.edit(tree).spec(spec -> spec.strategy(meant));
        return List.of("spec.strategy: \"" + word + "\" is not an object; taken as {type: " + word + "}");
    }
}
