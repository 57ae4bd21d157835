package io.navarch.kinds.job;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Selectors;
import io.navarch.model.Affinity;
import io.navarch.model.CompletionMode;
import io.navarch.model.Container;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.JobSpec;
import io.navarch.model.PodFailurePolicyAction;
import io.navarch.model.PodFailurePolicyOnExitCodesRequirement;
import io.navarch.model.PodFailurePolicyOperator;
import io.navarch.model.PodReplacementPolicy;
import io.navarch.model.PodSpec;
import io.navarch.model.RestartPolicy;
import io.navarch.model.SuccessPolicy;
import io.navarch.model.SuccessPolicyRule;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rules of Job, and of the template of a CronJob.
public final class JobRules {
    private static final int MOST_INDEXES = 100_000;
    private static final List<String> RESTARTS = List.of("OnFailure", "Never");

    private static final int OF_MANY = 10_000;
    private static final int MOST_SUCCESS_RULES = 20;
    private static final int LONGEST_INDEXES = 64 * 1024;
    private static final Set<String> PREFIXED = Set.of(Jobs.UID, Jobs.NAME);

    private JobRules() {}

    static List<FieldError> check(Job job, Job old) {
        var check = new Check();
        var spec = job.spec();
        spec(spec, "spec", check);
        if (!spec.hasSelector()) check.add(FieldError.required("spec.selector"));
        if (Selectors.valid(spec.selector())) WorkloadRules.templateMatches(spec.selector(), spec.template(), check);
        if (old.exists()) check.addAll(List.copyOf(check.errors()));
        if (!spec.manualSelector() && spec.hasSelector()) generated(job, old, check);
        if (spec.completionMode() == CompletionMode.INDEXED && spec.completions() > 0)
            check.name(job.name(), "metadata.name", Names.dnsLabel(job.name() + "-" + (spec.completions() - 1)));
        if (old.exists()) update(job, old, check);
        return check.errors();
    }

    /// A selector that nobody chose by hand is the one that the server makes, and the template has its labels.
    private static void generated(Job job, Job old, Check check) {
        var selector = job.spec().selector();
        var labels = job.spec().template().labels();
        var expected = new LinkedHashMap<>(Jobs.generatedLabels(job.uid(), job.name()));
        // A job from before these labels had a prefix goes on without them.
        if (old.exists() && !old.spec().template().labels().keySet().containsAll(PREFIXED))
            expected.keySet().removeAll(PREFIXED);
        expected.forEach((key, value) -> {
            var path = "spec.template.metadata.labels[" + key + "]";
            if (!labels.containsKey(key)) check.missing(path, "must be '" + value + "'");
            else if (!value.equals(labels.get(key))) check.invalid(path, labels, "must be '" + value + "'");
        });
        if (Selectors.valid(selector) && !Selectors.matches(selector, expected))
            check.invalid("spec.selector", selector.view().map(), "`selector` not auto-generated");
    }

    /// What every job's spec must be, apart from its selector.
    public static void spec(JobSpec spec, String path, Check check) {
        boolean indexed = spec.completionMode() == CompletionMode.INDEXED;
        if (indexed && !spec.hasCompletions()) check.missing(path + ".completions", "when completion mode is Indexed");
        if (indexed && spec.parallelism() > MOST_INDEXES)
            check.invalid(
                    path + ".parallelism",
                    spec.parallelism(),
                    "must be less than or equal to 100000 when completion mode is Indexed");
        if (!indexed && spec.hasBackoffLimitPerIndex())
            check.invalid(
                    path + ".backoffLimitPerIndex", spec.backoffLimitPerIndex(), "requires indexed completion mode");
        if (!indexed && spec.hasMaxFailedIndexes())
            check.invalid(path + ".maxFailedIndexes", spec.maxFailedIndexes(), "requires indexed completion mode");
        if (spec.hasMaxFailedIndexes() && !spec.hasBackoffLimitPerIndex())
            check.missing(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        if (spec.hasManagedBy()) check.domainPath(spec.managedBy(), path + ".managedBy");
        if (indexed) failedIndexes(spec, path, check);
        PodRules.template(spec.template(), path + ".template", check);
        restartPolicy(spec.template().spec(), path + ".template.spec.restartPolicy", check);
        failurePolicy(spec, path, check);
        success(spec, indexed, path + ".successPolicy", check);
    }

    /// How many indexes may fail, which matters more the more there are.
    private static void failedIndexes(JobSpec spec, String path, Check check) {
        int completions = spec.completions();
        int most = spec.maxFailedIndexes();
        var at = path + ".maxFailedIndexes";
        if (spec.hasCompletions() && spec.hasMaxFailedIndexes() && most > completions)
            check.invalid(at, most, "must be less than or equal to completions");
        if (most > MOST_INDEXES) check.invalid(at, most, "must be less than or equal to " + MOST_INDEXES);
        if (completions <= MOST_INDEXES || !spec.hasBackoffLimitPerIndex()) return;
        if (!spec.hasMaxFailedIndexes())
            check.missing(at, "must be specified when completions is above " + MOST_INDEXES);
        var why = "must be less than or equal to " + OF_MANY + " when completions are above " + MOST_INDEXES
                + " and used with backoff limit per index";
        if (spec.parallelism() > OF_MANY) check.invalid(path + ".parallelism", spec.parallelism(), why);
        if (most > OF_MANY) check.invalid(at, most, why);
    }

    private static void restartPolicy(PodSpec spec, String path, Check check) {
        switch (spec.restartPolicy()) {
            case UNSET, ALWAYS -> check.missing(path, "valid values: \"OnFailure\", \"Never\"");
            case UNRECOGNIZED ->
                check.notSupported(path, spec.raw(PodSpec.RESTART_POLICY).string(), RESTARTS);
            case ON_FAILURE, NEVER -> {}
        }
    }

    private static void failurePolicy(JobSpec spec, String path, Check check) {
        if (!spec.hasPodFailurePolicy()) return;
        var template = spec.template().spec();
        if (template.restartPolicy() != RestartPolicy.NEVER)
            check.invalid(
                    path + ".template.spec.restartPolicy",
                    template.raw(PodSpec.RESTART_POLICY).string(),
                    "only \"Never\" is supported when podFailurePolicy is specified");
        if (spec.hasPodReplacementPolicy() && spec.podReplacementPolicy() != PodReplacementPolicy.FAILED)
            check.notSupported(
                    path + ".podReplacementPolicy",
                    spec.raw(JobSpec.POD_REPLACEMENT_POLICY).string(),
                    Set.of("Failed"));
        var containers = Stream.concat(template.containers().stream(), template.initContainers().stream())
                .map(Container::name)
                .toList();
        Check.each(spec.podFailurePolicy().rules(), path + ".podFailurePolicy.rules", (rule, at) -> {
            if (rule.action() == PodFailurePolicyAction.FAIL_INDEX && !spec.hasBackoffLimitPerIndex())
                check.invalid(at + ".action", "FailIndex", "requires the backoffLimitPerIndex to be set");
            if (rule.hasOnExitCodes()) exitCodes(rule.onExitCodes(), at + ".onExitCodes", containers, check);
            boolean conditions = !rule.onPodConditions().isEmpty();
            if (rule.hasOnExitCodes() && conditions)
                check.add(FieldError.invalid(at, "specifying both OnExitCodes and OnPodConditions is not supported"));
            if (!rule.hasOnExitCodes() && !conditions)
                check.add(FieldError.invalid(at, "specifying one of OnExitCodes and OnPodConditions is required"));
        });
    }

    private static void exitCodes(
            PodFailurePolicyOnExitCodesRequirement codes, String at, List<String> containers, Check check) {
        if (codes.hasContainerName() && !containers.contains(codes.containerName()))
            check.invalid(
                    at + ".containerName",
                    codes.containerName(),
                    "must be one of the container or initContainer names in the pod template");
        var values = codes.values();
        var path = at + ".values";
        if (values.isEmpty())
            check.invalid(
                    path,
                    codes.raw(PodFailurePolicyOnExitCodesRequirement.VALUES).value(),
                    "at least one value is required");
        var seen = new HashSet<Integer>();
        boolean ordered = true;
        for (int i = 0; i < values.size(); i++) {
            int code = values.get(i);
            if (codes.operator() == PodFailurePolicyOperator.IN && code == 0)
                check.invalid(path + "[" + i + "]", code, "must not be 0 for the In operator");
            if (!seen.add(code)) check.duplicate(path + "[" + i + "]", code);
            ordered &= i == 0 || values.get(i - 1) <= code;
        }
        if (!ordered) check.invalid(path, values, "must be ordered");
    }

    private static void success(JobSpec spec, boolean indexed, String path, Check check) {
        var policy = spec.successPolicy();
        if (!policy.exists()) return;
        if (!indexed) {
            check.invalid(path, shown(policy), "requires indexed completion mode");
            return;
        }
        if (policy.rules().isEmpty())
            check.missing(path + ".rules", "at least one rules must be specified when the successPolicy is specified");
        int rules = policy.rules().size();
        if (rules > MOST_SUCCESS_RULES)
            check.add(FieldError.tooMany(path + ".rules", rules, "must have at most " + MOST_SUCCESS_RULES + " items"));
        Check.each(policy.rules(), path + ".rules", (rule, at) -> successRule(rule, spec, at, check));
    }

    private static Map<String, @Nullable Object> shown(SuccessPolicy policy) {
        var shown = Check.shown(policy.view(), SuccessPolicy.RULES);
        if (policy.raw(SuccessPolicy.RULES).exists())
            shown.put(
                    "Rules",
                    policy.rules().stream()
                            .map(rule -> Check.shown(
                                    rule.view(),
                                    SuccessPolicyRule.SUCCEEDED_INDEXES,
                                    SuccessPolicyRule.SUCCEEDED_COUNT))
                            .toList());
        return shown;
    }

    private static void successRule(SuccessPolicyRule rule, JobSpec spec, String path, Check check) {
        if (!rule.hasSucceededCount() && !rule.hasSucceededIndexes())
            check.missing(path, "at least one of succeededCount or succeededIndexes must be specified");
        var list = rule.succeededIndexes();
        var error = Indexes.error(list, spec.completions());
        check.longest(list, path + ".succeededIndexes", LONGEST_INDEXES);
        error.ifPresent(
                why -> check.invalid(path + ".succeededIndexes", list, "error parsing succeededIndexes: " + why));
        if (!rule.hasSucceededCount()) return;
        int count = rule.succeededCount();
        var at = path + ".succeededCount";
        check.notNegative(count, at);
        if (spec.hasCompletions() && count > spec.completions())
            check.invalid(
                    at,
                    count,
                    "must be less than or equal to " + spec.completions() + " (the number of specified completions)");
        int named = error.isPresent()
                ? 0
                : Indexes.parse(list.replace("+", ""), spec.completions()).size();
        if (rule.hasSucceededIndexes() && count > named)
            check.invalid(
                    at,
                    count,
                    "must be less than or equal to " + named
                            + " (the number of indexes in the specified succeededIndexes field)");
    }

    private static void update(Job job, Job old, Check check) {
        var spec = job.spec();
        var before = old.spec();
        boolean elastic = spec.completionMode() == CompletionMode.INDEXED
                && spec.hasCompletions() == spec.hasParallelism()
                && spec.completions() == spec.parallelism();
        if (!elastic) check.immutable(spec, before, "spec", JobSpec.COMPLETIONS);
        check.immutable(spec.selector(), before.selector(), "spec.selector");
        check.immutable(
                spec,
                before,
                "spec",
                JobSpec.COMPLETION_MODE,
                JobSpec.POD_FAILURE_POLICY,
                JobSpec.BACKOFF_LIMIT_PER_INDEX,
                JobSpec.MANAGED_BY,
                JobSpec.SUCCESS_POLICY);
        // Where a suspended job without pods will run may still be decided.
        boolean idle = !old.status().hasStartTime() || Jobs.isTrue(old, JobConditionType.SUSPENDED);
        boolean open = before.suspend() && idle && old.status().active() == 0;
        var now = spec.template();
        if (open
                && !Trees.semanticEquals(
                        placeless(now.spec()), placeless(before.template().spec())))
            check.invalid("spec.template.spec", now.spec().view().map(), "field is immutable");
        if (!open
                && !Trees.semanticEquals(
                        now.view().map(), before.template().view().map()))
            check.invalid("spec.template", now.view().map(), "field is immutable");
    }

    /// What a pod is, without where it may run and how much it needs there.
    private static Map<String, Object> placeless(PodSpec pod) {
        var rest = pod.toBuilder()
                .clearNodeSelector()
                .clearTolerations()
                .clearSchedulingGates()
                .editContainers(Container.Builder::clearResources)
                .editInitContainers(Container.Builder::clearResources);
        if (pod.hasAffinity()) {
            rest.affinity(Affinity.Builder::clearNodeAffinity);
            if (rest.build().affinity().view().map().isEmpty()) rest.clearAffinity();
        }
        return rest.map();
    }
}
