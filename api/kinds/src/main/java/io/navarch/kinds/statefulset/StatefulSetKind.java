package io.navarch.kinds.statefulset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.persistentvolumeclaim.PersistentVolumeClaimKind;
import io.navarch.kinds.pod.AnnotationRules;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.pod.PodWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.LabelSelector;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.Resources;
import io.navarch.model.RollingUpdateStatefulSetStrategy;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatefulSetSpec;
import io.navarch.model.StatefulSetStatus;
import io.navarch.model.StatefulSetUpdateStrategy;
import io.navarch.model.StatefulSetUpdateStrategyType;
import io.navarch.model.Volume;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// StatefulSet.
public final class StatefulSetKind {
    private static final Set<String> MUTABLE = Set.of(
            StatefulSetSpec.REPLICAS,
            StatefulSetSpec.ORDINALS,
            StatefulSetSpec.TEMPLATE,
            StatefulSetSpec.UPDATE_STRATEGY,
            StatefulSetSpec.REVISION_HISTORY_LIMIT,
            StatefulSetSpec.PERSISTENT_VOLUME_CLAIM_RETENTION_POLICY,
            StatefulSetSpec.MIN_READY_SECONDS);

    private StatefulSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.STATEFUL_SETS)
                .version(types.get("V1StatefulSet"), StatefulSetKind::columns)
                .shortNames("sts")
                .categories("all")
                .withStatus()
                .withGeneration()
                .withScale(WorkloadRules.SCALE)
                .defaultedBy(StatefulSet::edit, StatefulSetKind::defaults)
                .preparedBy(StatefulSet::edit, StatefulSetKind::prepare)
                .statusRuledBy(WorkloadRules.status(
                        "status.readyReplicas",
                        StatefulSet::status,
                        StatefulSetStatus.READY_REPLICAS,
                        StatefulSetStatus.CURRENT_REPLICAS,
                        StatefulSetStatus.UPDATED_REPLICAS,
                        StatefulSetStatus.AVAILABLE_REPLICAS))
                .named(Names::dnsLabel)
                .ruledBy(StatefulSetKind::check)
                .warning(StatefulSetKind::warnings)
                .build();
    }

    private static void columns(ColumnList<StatefulSet> columns) {
        columns.name()
                .text(
                        "Ready",
                        set -> set.status().readyReplicas() + "/" + set.spec().replicas())
                .age();
        Columns.template(columns, set -> set.spec().template());
    }

    private static void defaults(StatefulSet.Builder set) {
        set.spec(spec -> spec.updateStrategy(StatefulSetKind::strategy)
                .editVolumeClaimTemplates(StatefulSetKind::claimTemplate));
    }

    private static void strategy(StatefulSetUpdateStrategy.Builder strategy) {
        if (strategy.build().type() == StatefulSetUpdateStrategyType.UNSET)
            strategy.type(StatefulSetUpdateStrategyType.ROLLING_UPDATE).rollingUpdate(update -> {});
        var given = strategy.build();
        if (given.type() == StatefulSetUpdateStrategyType.ROLLING_UPDATE && given.hasRollingUpdate())
            strategy.rollingUpdate(StatefulSetKind::rollingUpdate);
    }

    private static void rollingUpdate(RollingUpdateStatefulSetStrategy.Builder update) {
        var given = update.build();
        if (!given.hasPartition()) update.partition(0);
    }

    /// More than one unavailable pod is a feature that is off by default; a set that has it keeps it.
    private static void prepare(StatefulSet.Builder set, StatefulSet old) {
        if (set.build().spec().hasTemplate()) set.spec(spec -> spec.template(PodDefaults::withholdFromPods));
        if (old.spec().updateStrategy().rollingUpdate().hasMaxUnavailable()
                || !set.build().spec().updateStrategy().hasRollingUpdate()) return;
        set.spec(spec -> spec.updateStrategy(
                strategy -> strategy.rollingUpdate(RollingUpdateStatefulSetStrategy.Builder::clearMaxUnavailable)));
    }

    private static void claimTemplate(PersistentVolumeClaim.Builder claim) {
        claim.apiVersion("v1").kind("PersistentVolumeClaim");
        if (!claim.build().status().hasPhase())
            claim.status(status -> status.phase(PersistentVolumeClaimPhase.PENDING));
    }

    private static List<String> warnings(StatefulSet set, StatefulSet old) {
        var spec = set.spec();
        var warnings = new ArrayList<>(WorkloadRules.templateWarnings(set, old, spec.template()));
        // What is different on update is the original's.
        var child = old.exists() ? ".Spec" : "";
        Check.each(
                spec.volumeClaimTemplates(),
                "spec.volumeClaimTemplates",
                (claim, at) -> warnings.addAll(PodWarnings.ofClaim(claim.spec(), at + child)));
        if (spec.revisionHistoryLimitOr(0) < 0)
            warnings.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is"
                    + " recommended");
        return warnings;
    }

    private static List<FieldError> check(StatefulSet set, StatefulSet old) {
        var check = new Check();
        var spec = set.spec();
        WorkloadRules.check(spec.selector(), LabelSelector.ABSENT, ofPods(spec), "statefulset", check);
        AnnotationRules.template(spec.template(), "spec.template", check);
        strategy(spec.updateStrategy(), check);
        if (!old.exists())
            Check.each(
                    spec.volumeClaimTemplates(),
                    "spec.volumeClaimTemplates",
                    (claim, at) -> PersistentVolumeClaimKind.spec(claim.spec(), at + ".spec", check));
        if (!spec.podManagementPolicy().known())
            check.invalid(
                    "spec.podManagementPolicy",
                    spec.raw(StatefulSetSpec.POD_MANAGEMENT_POLICY).string(),
                    "must be 'OrderedReady' or 'Parallel'");
        rollingUpdate(spec.updateStrategy(), "spec.updateStrategy.rollingUpdate", check);
        if (!old.exists() && !spec.serviceName().isEmpty())
            check.name(spec.serviceName(), "spec.serviceName", Names.dnsLabel(spec.serviceName()));
        WorkloadRules.noDeadline(spec.template(), "StatefulSet", check);
        if (old.exists() && !Trees.semanticEquals(fixed(spec), fixed(old.spec())))
            check.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                            + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
                            + " and 'minReadySeconds' are forbidden");
        return check.errors();
    }

    /// The template as the pods will have it, which is what must be right: with volumes of the claims that are made
    /// for each, and without what the controller overwrites.
    private static PodTemplateSpec ofPods(StatefulSetSpec spec) {
        var template = spec.template();
        var claims = spec.volumeClaimTemplates();
        if (claims.isEmpty()
                && !template.spec().hasHostname()
                && !template.spec().hasSubdomain()) return template;
        var names = claims.stream().map(PersistentVolumeClaim::name).distinct().toList();
        var volumes = new ArrayList<>(names.stream()
                .map(name -> Volume.builder()
                        .name(name)
                        .persistentVolumeClaim(claim -> claim.claimName(name))
                        .build())
                .toList());
        for (var volume : template.spec().volumes()) if (!names.contains(volume.name())) volumes.add(volume);
        return template.toBuilder()
                .spec(pod -> pod.clearHostname().clearSubdomain().volumes(volumes))
                .build();
    }

    private static void strategy(StatefulSetUpdateStrategy strategy, Check check) {
        if (!strategy.type().known())
            check.invalid("spec.updateStrategy", strategy.view().map(), "must be 'RollingUpdate' or 'OnDelete'");
    }

    private static void rollingUpdate(StatefulSetUpdateStrategy strategy, String path, Check check) {
        var update = strategy.rollingUpdate();
        var most = update.maxUnavailable();
        if (strategy.type() == StatefulSetUpdateStrategyType.ON_DELETE && update.exists())
            check.invalid(path, update.view().map(), "only allowed for updateStrategy 'RollingUpdate'");
        check.notNegative(update.partition(), path + ".partition");
        check.numberOrPercent(most, path + ".maxUnavailable");
        check.atMostAll(most, path + ".maxUnavailable");
        if (most.exists() && WorkloadRules.zero(most))
            check.invalid(path + ".maxUnavailable", most.value(), "cannot be 0");
    }

    private static Map<String, Object> fixed(StatefulSetSpec spec) {
        var tree = Trees.copy(spec.view().map());
        tree.keySet().removeAll(MUTABLE);
        return tree;
    }
}
