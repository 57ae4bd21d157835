package io.navarch.kinds.daemonset;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.DaemonSet;
import io.navarch.model.DaemonSetUpdateStrategy;
import io.navarch.model.DaemonSetUpdateStrategyType;
import io.navarch.model.Resources;
import io.navarch.model.RollingUpdateDaemonSet;
import io.navarch.objects.FieldError;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Trees;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// DaemonSet.
public final class DaemonSetKind {
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    private DaemonSetKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.DAEMON_SETS)
                .version(types.get("V1DaemonSet"), DaemonSetKind::columns)
                .shortNames("ds")
                .categories("all")
                .withStatus()
                .withGeneration()
                .defaultedBy(DaemonSet::edit, DaemonSetKind::defaults)
                .preparedBy(DaemonSet::edit, DaemonSetKind::prepare)
                .statusRuledBy((set, old) -> {
                    var check = new Check();
                    WorkloadRules.collisions(set.status(), old.status(), check);
                    return check.errors();
                })
                .ruledBy(DaemonSetKind::check)
                .warning((set, old) ->
                        WorkloadRules.templateWarnings(set, old, set.spec().template()))
                .build();
    }

    private static void columns(ColumnList<DaemonSet> columns) {
        columns.name()
                .number("Desired", set -> set.status().desiredNumberScheduled())
                .number("Current", set -> set.status().currentNumberScheduled())
                .number("Ready", set -> set.status().numberReady())
                .number("Up-to-date", set -> set.status().updatedNumberScheduled())
                .number("Available", set -> set.status().numberAvailable())
                .text(
                        "Node Selector",
                        set -> Columns.labels(set.spec().template().spec().nodeSelector()))
                .age();
        WorkloadRules.podColumns(
                columns, set -> set.spec().template(), set -> set.spec().selector());
    }

    /// The annotation stands for a field, which is 0 until the server counts: to whoever writes a set it belongs.
    private static void defaults(DaemonSet.Builder set) {
        if (!set.build().annotations().containsKey(TEMPLATE_GENERATION))
            set.metadata(metadata -> metadata.putAnnotations(TEMPLATE_GENERATION, "0"));
        if (set.build().spec().updateStrategy().type() == DaemonSetUpdateStrategyType.ROLLING_UPDATE)
            set.spec(spec -> spec.updateStrategy(each -> each.rollingUpdate(DaemonSetKind::rollingUpdate)));
    }

    private static void rollingUpdate(RollingUpdateDaemonSet.Builder update) {
        var given = update.build();
        if (!given.hasMaxUnavailable()) update.maxUnavailable(IntOrString.of(1));
        if (!given.hasMaxSurge()) update.maxSurge(IntOrString.of(0));
    }

    /// The template's generation, which older clients read from an annotation, counts changes of the template.
    private static void prepare(DaemonSet.Builder set, DaemonSet old) {
        set.spec(spec -> spec.template(PodDefaults::withholdFromPods));
        var before = old.annotation(TEMPLATE_GENERATION);
        long generation = before.matches("[0-9]{1,18}") ? Long.parseLong(before) : 0;
        var template = set.build().spec().template().view().value();
        boolean same = old.exists()
                && Trees.semanticEquals(template, old.spec().template().view().value());
        set.metadata(metadata ->
                metadata.putAnnotations(TEMPLATE_GENERATION, String.valueOf(same ? generation : generation + 1)));
    }

    private static List<FieldError> check(DaemonSet set, DaemonSet old) {
        var check = new Check();
        var spec = set.spec();
        WorkloadRules.check(spec.selector(), old.spec().selector(), spec.template(), "daemonset", check);
        WorkloadRules.noDeadline(spec.template(), "DaemonSet", check);
        strategy(spec.updateStrategy(), "spec.updateStrategy", check);
        return check.errors();
    }

    private static void strategy(DaemonSetUpdateStrategy strategy, String path, Check check) {
        if (!strategy.type().known())
            check.add(FieldError.notSupported(
                    path, WorkloadRules.shownStrategy(strategy.view()), List.of("RollingUpdate", "OnDelete")));
        if (strategy.type() != DaemonSetUpdateStrategyType.ROLLING_UPDATE) return;
        var update = strategy.rollingUpdate();
        var unavailable = path + ".rollingUpdate.maxUnavailable";
        var surge = path + ".rollingUpdate.maxSurge";
        check.required(update, path + ".rollingUpdate");
        check.numberOrPercent(update.maxUnavailable(), unavailable);
        check.numberOrPercent(update.maxSurge(), surge);
        check.atMostAll(update.maxUnavailable(), unavailable);
        check.atMostAll(update.maxSurge(), surge);
        boolean fewer = !WorkloadRules.zero(update.maxUnavailable());
        boolean more = !WorkloadRules.zero(update.maxSurge());
        if (more && fewer)
            check.invalid(surge, update.maxSurge().value(), "may not be set when maxUnavailable is non-zero");
        if (!more && !fewer) check.missing(unavailable, "cannot be 0 when maxSurge is 0");
    }
}
