package io.navarch.kinds.workload;

import io.navarch.kinds.Check;
import io.navarch.kinds.pod.PodRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;

/// Rules of Deployment and ReplicaSet.
final class WorkloadRules {
    private WorkloadRules() {}

    static List<FieldError> replicaSet(View object, View old) {
        var check = new Check();
        common(object, old, check);
        return check.errors();
    }

    static List<FieldError> deployment(View object, View old) {
        var check = new Check();
        common(object, old, check);
        var spec = object.spec();
        check.notNegative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit");
        var strategy = spec.get("strategy");
        check.oneOf(strategy.get("type"), "spec.strategy.type", Set.of("Recreate", "RollingUpdate"));
        if (strategy.get("type").string().equals("Recreate")
                && strategy.get("rollingUpdate").exists()) {
            check.add(FieldError.forbidden(
                    "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        }
        if (strategy.get("rollingUpdate").exists()) rollingUpdate(strategy.get("rollingUpdate"), check);
        long deadline = spec.get("progressDeadlineSeconds").longOr(600);
        if (deadline <= spec.get("minReadySeconds").longOr(0)) {
            check.add(FieldError.invalid(
                    "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
        }
        return check.errors();
    }

    private static void common(View object, View old, Check check) {
        var spec = object.spec();
        check.notNegative(spec.get("replicas"), "spec.replicas");
        check.notNegative(spec.get("minReadySeconds"), "spec.minReadySeconds");
        var selector = spec.get("selector");
        if (!selector.exists()) check.add(FieldError.required("spec.selector"));
        else {
            check.labelSelector(selector, "spec.selector");
            if (selector.get("matchLabels").map().isEmpty()
                    && selector.get("matchExpressions").list().isEmpty()) {
                check.add(FieldError.invalid(
                        "spec.selector", selector.map(), "empty selector is invalid for deployment"));
            }
            check.templateMatches(selector, spec.get("template"), "spec.template.metadata.labels");
        }
        PodRules.template(spec.get("template"), "spec.template", true, check);
        check.immutable(selector, old.spec().get("selector"), "spec.selector");
    }

    private static void rollingUpdate(View update, Check check) {
        var base = "spec.strategy.rollingUpdate.";
        boolean bothZero = true;
        for (var field : List.of("maxUnavailable", "maxSurge")) {
            var value = update.get(field);
            if (value.value() instanceof String text) {
                if (!text.matches("[0-9]+%")) {
                    check.add(
                            FieldError.invalid(
                                    base + field,
                                    text,
                                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"));
                } else if (field.equals("maxUnavailable") && Integer.parseInt(text.replace("%", "")) > 100) {
                    check.add(FieldError.invalid(base + field, text, "must not be greater than 100%"));
                }
                if (!text.equals("0%")) bothZero = false;
            } else {
                check.notNegative(value, base + field);
                if (value.longOr(0) != 0) bothZero = false;
            }
        }
        if (bothZero) {
            check.add(FieldError.invalid(
                    base + "maxUnavailable",
                    update.get("maxUnavailable").value(),
                    "may not be 0 when `maxSurge` is 0"));
        }
    }
}
