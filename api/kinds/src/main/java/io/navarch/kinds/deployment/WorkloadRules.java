package io.navarch.kinds.deployment;

import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.pod.PodWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.Selectors;
import io.navarch.model.ApiObject;
import io.navarch.model.DeploymentStatus;
import io.navarch.model.DeploymentStrategy;
import io.navarch.model.LabelSelector;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.RollingUpdateDeployment;
import io.navarch.model.Structure;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Lens;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the controllers that keep a number of equal pods have in common.
public final class WorkloadRules {
    public static final KindDefinition.Scale SCALE =
            new KindDefinition.Scale("spec.replicas", "status.replicas", "spec.selector");

    private WorkloadRules() {}

    /// Containers, images and the selector in wide output.
    public static <T extends Lens> void podColumns(
            ColumnList<T> columns, Function<T, PodTemplateSpec> template, Function<T, LabelSelector> selector) {
        Columns.template(columns, template);
        columns.wide("Selector", object -> Columns.selector(selector.apply(object)));
    }

    /// An object without labels gets those of its pods.
    public static void labelsOfTemplate(ObjectMeta.Builder metadata, PodTemplateSpec template) {
        boolean bare = metadata.build().labels().isEmpty();
        if (bare && !template.labels().isEmpty()) metadata.labels(template.labels());
    }

    /// A strategy of updates as errors show it; that of a DaemonSet has the same fields.
    public static Map<String, @Nullable Object> shownStrategy(View strategy) {
        var shown = Check.shown(strategy, DeploymentStrategy.TYPE, DeploymentStrategy.ROLLING_UPDATE);
        shown.replaceAll((name, part) -> part instanceof Map<?, ?>
                ? Check.shown(View.of(part), RollingUpdateDeployment.MAX_UNAVAILABLE, RollingUpdateDeployment.MAX_SURGE)
                : part);
        return shown;
    }

    /// What is said of a workload whose name becomes part of its pods' names.
    ///
    /// @param old absent on create
    public static List<String> warnings(ApiObject object, ApiObject old, PodTemplateSpec template) {
        var warnings = new ArrayList<String>();
        if (!old.exists()) warnings.addAll(PodWarnings.ofName(object.name()));
        warnings.addAll(templateWarnings(object, old, template));
        return warnings;
    }

    /// What is said of a workload's template, unless only metadata or status have changed.
    public static List<String> templateWarnings(ApiObject object, ApiObject old, PodTemplateSpec template) {
        boolean same =
                old.exists() && old.metadata().generation() == object.metadata().generation();
        return same ? List.of() : PodWarnings.ofTemplate(template, "spec.template");
    }

    /// The selector chooses something, the template's labels are what it chooses, and it never changes.
    ///
    /// @param old the selector before, absent where it may change
    /// @param noun what the kind is called in errors
    public static void check(
            LabelSelector selector, LabelSelector old, PodTemplateSpec template, String noun, Check check) {
        var path = "spec.selector";
        var value = selector.view().map();
        boolean optional = noun.equals("daemonset");
        if (selector.exists()) {
            if (selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty())
                check.invalid(path, value, "empty selector is invalid for " + noun);
        } else if (!optional) {
            check.missing(path, "");
        }
        if (Selectors.valid(selector)) templateMatches(selector, template, check);
        else if (!optional) check.invalid(path, value, noun.equals("statefulset") ? "" : "invalid label selector");
        PodRules.template(template, "spec.template", check);
        PodRules.alwaysRestarts(template, "spec.template", check);
        check.immutable(selector, old, path);
    }

    /// Pods that are to run for ever cannot be given an end.
    ///
    /// @param kind whose pods they are, as errors name it
    public static void noDeadline(PodTemplateSpec template, String kind, Check check) {
        if (template.spec().hasActiveDeadlineSeconds())
            check.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in " + kind + " is not Supported");
    }

    /// Whether a pod template's labels are what its selector wants; without a selector they are not.
    public static void templateMatches(LabelSelector selector, PodTemplateSpec template, Check check) {
        if (!selector.exists() || !Selectors.matches(selector, template.labels()))
            check.invalid(
                    "spec.template.metadata.labels",
                    template.labels().isEmpty() ? null : template.labels(),
                    "`selector` does not match template `labels`");
    }

    /// `maxUnavailable` and `maxSurge`: not both 0.
    static void rollingUpdate(IntOrString maxUnavailable, IntOrString maxSurge, String path, Check check) {
        check.numberOrPercent(maxUnavailable, path + ".maxUnavailable");
        check.numberOrPercent(maxSurge, path + ".maxSurge");
        check.atMostAll(maxUnavailable, path + ".maxUnavailable");
        if (zero(maxUnavailable) && zero(maxSurge))
            check.invalid(path + ".maxUnavailable", maxUnavailable.value(), "may not be 0 when `maxSurge` is 0");
    }

    /// Counts of pods that cannot be more than all of them, nor available ones more than ready ones. The statuses of
    /// these kinds name alike what they have in common.
    ///
    /// @param ready what errors call the count of ready ones
    /// @param counts the fields of the status that count some of the replicas
    public static <T> KindBuilder.Rules<T> status(String ready, Function<T, Structure> status, String... counts) {
        return (object, old) -> {
            var check = new Check();
            var now = status.apply(object);
            long all = now.raw(DeploymentStatus.REPLICAS).longOr(0);
            for (var field : counts) {
                long count = now.raw(field).longOr(0);
                if (count > all) check.invalid("status." + field, count, "cannot be greater than status.replicas");
            }
            long available = now.raw(DeploymentStatus.AVAILABLE_REPLICAS).longOr(0);
            if (available > now.raw(DeploymentStatus.READY_REPLICAS).longOr(0))
                check.invalid("status.availableReplicas", available, "cannot be greater than " + ready);
            collisions(now, status.apply(old), check);
            return check.errors();
        };
    }

    /// The count of hash collisions only grows.
    public static void collisions(Structure status, Structure old, Check check) {
        var before = old.raw(DeploymentStatus.COLLISION_COUNT);
        long now = status.raw(DeploymentStatus.COLLISION_COUNT).longOr(0);
        if (before.exists() && now < before.longOr(0))
            check.invalid("status.collisionCount", now, "cannot be decremented");
    }

    public static boolean zero(IntOrString share) {
        // A text that is no number counts as none.
        return share.isText() ? !share.text().matches("[0-9]*[1-9][0-9]*%?") : share.number() == 0;
    }
}
