package io.navarch.kinds.job;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Rules of Job, and of the template of a CronJob.
public final class JobRules {
    private static final long MOST_INDEXES = 100_000;

    private JobRules() {}

    static List<FieldError> check(View job, View old) {
        var check = new Check();
        var spec = job.spec();
        spec(spec, "spec", check);
        var template = spec.get("template");
        if (!spec.get("selector").exists()) check.add(FieldError.required("spec.selector"));
        if (WorkloadRules.selectorWorks(spec.get("selector")))
            WorkloadRules.templateMatches(spec.get("selector"), template, "spec.template.metadata.labels", check);
        if (!spec.get("manualSelector").bool() && spec.get("selector").exists()) generated(job, check);
        if (spec.get("completionMode").string().equals("Indexed")) {
            var completions = spec.get("completions");
            if (completions.longOr(0) > 0) {
                check.name(job.name(), "metadata.name", Names.dnsLabel(job.name() + "-" + (completions.longOr(0) - 1)));
            }
        }
        if (old.exists()) update(spec, old.spec(), job, old, check);
        return check.errors();
    }

    /// A selector that nobody chose by hand is the one that the server makes, and the template has its labels.
    private static void generated(View job, Check check) {
        var template = job.spec().get("template");
        var expected = JobKind.generatedLabels(job.uid(), job.name());
        for (var label : expected.entrySet()) {
            var path = "spec.template.metadata.labels[" + label.getKey() + "]";
            var value = template.labels().get(label.getKey());
            if (value == null) check.add(FieldError.required(path, "must be '" + label.getValue() + "'"));
            else if (!value.equals(label.getValue()))
                check.add(FieldError.invalid(path, template.labels(), "must be '" + label.getValue() + "'"));
        }
        if (WorkloadRules.selectorWorks(job.spec().get("selector"))
                && !LabelSelector.ofObject(job.spec().get("selector")).matches(expected))
            check.add(FieldError.invalid(
                    "spec.selector", job.spec().get("selector").map(), "`selector` not auto-generated"));
    }

    /// What every job's spec must be, apart from its selector.
    public static void spec(View spec, String path, Check check) {
        var mode = spec.get("completionMode").stringOr("NonIndexed");
        if (mode.equals("Indexed")) {
            if (!spec.get("completions").exists()) {
                check.add(FieldError.required(path + ".completions", "when completion mode is Indexed"));
            }
            if (spec.get("parallelism").longOr(0) > MOST_INDEXES) {
                check.add(FieldError.invalid(
                        path + ".parallelism",
                        spec.get("parallelism").longOr(0),
                        "must be less than or equal to 100000 when completion mode is Indexed"));
            }
        } else if (spec.get("backoffLimitPerIndex").exists()) {
            check.add(FieldError.invalid(
                    path + ".backoffLimitPerIndex",
                    spec.get("backoffLimitPerIndex").value(),
                    "requires indexed completion mode"));
        }
        var most = spec.get("maxFailedIndexes");
        if (most.exists() && !spec.get("backoffLimitPerIndex").exists()) {
            check.add(FieldError.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified"));
        }
        if (most.exists()
                && spec.get("completions").exists()
                && most.longOr(0) > spec.get("completions").longOr(0)) {
            check.add(FieldError.invalid(
                    path + ".maxFailedIndexes", most.value(), "must be less than or equal to completions"));
        }
        var policy = spec.path("template.spec.restartPolicy");
        if (!policy.string().equals("OnFailure") && !policy.string().equals("Never")) {
            check.add(
                    policy.string().isEmpty() || policy.string().equals("Always")
                            ? FieldError.required(
                                    path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")
                            : FieldError.notSupported(
                                    path + ".template.spec.restartPolicy",
                                    policy.value(),
                                    Set.of("OnFailure", "Never")));
        }
        failurePolicy(spec, path, check);
        success(spec, mode, path, check);
    }

    private static void failurePolicy(View spec, String path, Check check) {
        var failure = spec.get("podFailurePolicy");
        if (!failure.exists()) return;
        if (!spec.path("template.spec.restartPolicy").string().equals("Never")) {
            check.add(FieldError.invalid(
                    path + ".template.spec.restartPolicy",
                    spec.path("template.spec.restartPolicy").string(),
                    "only \"Never\" is supported when podFailurePolicy is specified"));
        }
        if (!spec.get("podReplacementPolicy").string().equals("Failed")
                && spec.get("podReplacementPolicy").exists()) {
            check.add(FieldError.notSupported(
                    path + ".podReplacementPolicy",
                    spec.get("podReplacementPolicy").value(),
                    Set.of("Failed")));
        }
        int i = 0;
        for (var rule : failure.get("rules").views()) {
            var at = path + ".podFailurePolicy.rules[" + i++ + "]";
            boolean codes = rule.get("onExitCodes").exists();
            boolean conditions = !rule.get("onPodConditions").list().isEmpty();
            if (!codes && !conditions) {
                check.add(FieldError.invalid(
                        at, rule.map(), "specifying one of OnExitCodes and OnPodConditions is required"));
            }
            if (codes && conditions) {
                check.add(FieldError.invalid(
                        at, rule.map(), "specifying both OnExitCodes and OnPodConditions is not supported"));
            }
            if (rule.get("action").string().equals("FailIndex")
                    && !spec.get("backoffLimitPerIndex").exists()) {
                check.add(
                        FieldError.invalid(at + ".action", "FailIndex", "requires the backoffLimitPerIndex to be set"));
            }
            if (codes) exitCodes(rule.get("onExitCodes"), at + ".onExitCodes", check);
        }
    }

    private static void exitCodes(View codes, String path, Check check) {
        boolean in = codes.get("operator").string().equals("In");
        long before = Long.MIN_VALUE;
        int i = 0;
        for (var value : codes.get("values").views()) {
            var at = path + ".values[" + i++ + "]";
            if (in && value.longOr(1) == 0) check.add(FieldError.invalid(at, 0L, "must not be 0 for the In operator"));
            if (value.longOr(0) == before) check.add(FieldError.duplicate(at, value.value()));
            else if (value.longOr(0) < before)
                check.add(
                        FieldError.invalid(path + ".values", codes.get("values").list(), "must be ordered"));
            before = value.longOr(0);
        }
    }

    private static void success(View spec, String mode, String path, Check check) {
        var success = spec.get("successPolicy");
        if (!success.exists()) return;
        if (!mode.equals("Indexed")) {
            check.add(FieldError.invalid(path + ".successPolicy", success.map(), "requires indexed completion mode"));
            return;
        }
        check.required(success.get("rules"), path + ".successPolicy.rules");
        int i = 0;
        for (var rule : success.get("rules").views()) {
            var at = path + ".successPolicy.rules[" + i++ + "]";
            if (!rule.get("succeededCount").exists()
                    && !rule.get("succeededIndexes").exists()) {
                check.add(FieldError.required(
                        at, "at least one of succeededCount or succeededIndexes must be specified"));
            }
            if (rule.get("succeededCount").longOr(0) > spec.get("completions").longOr(Long.MAX_VALUE)) {
                check.add(FieldError.invalid(
                        at + ".succeededCount",
                        rule.get("succeededCount").value(),
                        "must be less than or equal to "
                                + spec.get("completions").longOr(0) + " (the number of specified completions)"));
            }
        }
    }

    private static void update(View spec, View before, View job, View old, Check check) {
        boolean indexed = spec.get("completionMode").string().equals("Indexed");
        boolean elastic = indexed
                && Trees.semanticEquals(
                        spec.get("completions").value(), spec.get("parallelism").value());
        if (!elastic) check.immutable(spec.get("completions"), before.get("completions"), "spec.completions");
        check.immutable(spec.get("selector"), before.get("selector"), "spec.selector");
        for (var field :
                List.of("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")) {
            if (!Trees.semanticEquals(spec.get(field).value(), before.get(field).value()))
                check.add(FieldError.invalid("spec." + field, spec.get(field).value(), "field is immutable"));
        }
        // Where a suspended job that never started will run may still be decided.
        boolean open =
                before.get("suspend").bool() && !old.status().get("startTime").exists();
        if (!Trees.semanticEquals(template(spec, open), template(before, open))) {
            check.add(FieldError.invalid("spec.template", spec.get("template").map(), "field is immutable"));
        }
    }

    private static Map<String, Object> template(View spec, boolean open) {
        var template = Trees.copy(spec.get("template").map());
        if (!open) return template;
        for (var field : List.of("nodeSelector", "tolerations", "affinity", "schedulingGates"))
            Trees.remove(template, "spec", field);
        Trees.remove(template, "metadata", "labels");
        Trees.remove(template, "metadata", "annotations");
        for (var container : View.of(template).path("spec.containers").list())
            if (container instanceof Map<?, ?> map) map.remove("resources");
        return template;
    }
}
