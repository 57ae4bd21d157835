package io.navarch.kinds.deployment;

import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the controllers that keep a number of equal pods have in common.
public final class WorkloadRules {
    public static final KindDefinition.Scale SCALE =
            new KindDefinition.Scale("spec.replicas", "status.replicas", "spec.selector");

    private WorkloadRules() {}

    /// These columns, then containers, images and the selector in wide output.
    public static Column[] columns(Column... columns) {
        var result = new ArrayList<>(List.of(Columns.withTemplate("spec.template", columns)));
        result.add(Columns.wide(
                "Selector", object -> Columns.selector(object.spec().get("selector"))));
        return result.toArray(Column[]::new);
    }

    /// An object without labels gets those of its pods.
    public static void labelsOfTemplate(Map<String, Object> object) {
        var labels = View.of(object).path("spec.template.metadata.labels");
        boolean bare = View.of(object).metadata().get("labels").map().isEmpty();
        if (bare && !labels.map().isEmpty()) Trees.put(object, Trees.copy(labels.value()), "metadata", "labels");
    }

    /// The selector chooses something, the template's labels are what it chooses, and it never changes.
    ///
    /// @param noun what the kind is called in errors
    public static void check(View object, View old, String noun, Check check) {
        var selector = object.spec().get("selector");
        boolean empty = selector.get("matchLabels").map().isEmpty()
                && selector.get("matchExpressions").list().isEmpty();
        if (!selector.exists()) {
            if (!noun.equals("daemonset")) check.add(FieldError.required("spec.selector"));
        } else if (empty) {
            check.add(FieldError.invalid("spec.selector", selector.map(), "empty selector is invalid for " + noun));
        }
        if (!selectorWorks(selector)) {
            if (!noun.equals("daemonset"))
                check.add(FieldError.invalid(
                        "spec.selector", selector.map(), noun.equals("statefulset") ? "" : "invalid label selector"));
        } else {
            templateMatches(selector, object.spec().get("template"), "spec.template.metadata.labels", check);
        }
        PodRules.alwaysRestarts(object.spec().get("template"), "spec.template", check);
        check.immutable(selector, old.spec().get("selector"), "spec.selector");
    }

    /// `maxUnavailable` and `maxSurge`: not both 0.
    public static void rollingUpdate(View update, String path, Check check) {
        for (var field : List.of("maxUnavailable", "maxSurge")) {
            check.numberOrPercent(update.get(field), path + "." + field);
        }
        check.atMostAll(update.get("maxUnavailable"), path + ".maxUnavailable");
        if (zero(update.get("maxUnavailable")) && zero(update.get("maxSurge"))) {
            check.add(FieldError.invalid(
                    path + ".maxUnavailable",
                    update.get("maxUnavailable").value(),
                    "may not be 0 when `maxSurge` is 0"));
        }
    }

    /// Counts of pods that cannot be more than all of them, nor available ones more than ready ones.
    ///
    /// @param counts the fields of the status that count some of the replicas
    public static KindDefinition.Rules status(String... counts) {
        return (object, old) -> {
            var check = new Check();
            var status = object.status();
            long all = status.get("replicas").longOr(0);
            for (var field : counts) {
                long count = status.get(field).longOr(0);
                if (count > all)
                    check.add(FieldError.invalid("status." + field, count, "cannot be greater than status.replicas"));
            }
            long available = status.get("availableReplicas").longOr(0);
            if (available > status.get("readyReplicas").longOr(0))
                check.add(FieldError.invalid(
                        "status.availableReplicas", available, "cannot be greater than readyReplicas"));
            collisions(object, old, check);
            return check.errors();
        };
    }

    /// The count of hash collisions only grows.
    public static void collisions(View object, View old, Check check) {
        var before = old.status().get("collisionCount");
        if (!before.exists()) return;
        var now = object.status().get("collisionCount");
        if (now.longOr(0) < before.longOr(0))
            check.add(FieldError.invalid("status.collisionCount", now.longOr(0), "cannot be decremented"));
    }

    /// Whether a selector can be used at all; one that is not there chooses nothing.
    public static boolean selectorWorks(View selector) {
        var check = new Check();
        check.labelSelector(selector, "");
        return check.errors().isEmpty();
    }

    /// Whether a pod template's labels are what its selector wants; without a selector they are not.
    public static void templateMatches(View selector, View template, String path, Check check) {
        var parsed = LabelSelector.ofObject(selector);
        if (!selector.exists() || !parsed.isEmpty() && !parsed.matches(template.labels())) {
            check.add(FieldError.invalid(
                    path, template.metadata().get("labels").map(), "`selector` does not match template `labels`"));
        }
    }

    public static boolean zero(View share) {
        return share.value() instanceof String text ? text.matches("0+%") : share.longOr(0) == 0;
    }
}
