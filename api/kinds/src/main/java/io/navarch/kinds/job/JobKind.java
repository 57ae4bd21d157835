package io.navarch.kinds.job;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.types.Types;
import io.navarch.model.CompletionMode;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.JobSpec;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PodReplacementPolicy;
import io.navarch.model.Resources;
import io.navarch.objects.Durations;
import io.navarch.objects.GoText;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Job. Its selector and its pods' labels are made by the server unless `manualSelector` is set.
public final class JobKind {
    private static final int DEFAULT_BACKOFF_LIMIT = 6;

    private JobKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.JOBS)
                .version(types.get("V1Job"), JobKind::columns)
                .categories("all")
                .withStatus()
                .withGeneration()
                .keepingDependentsTold()
                .field("status.successful", job -> String.valueOf(job.status().succeeded()))
                .unknownField(label -> "field label " + GoText.quoted(label) + " not supported for Job")
                .defaultedBy(Job::edit, JobKind::defaults)
                .ownedAs(Job::edit, JobKind::labels)
                .preparedBy(Job::edit, JobKind::prepare)
                .ruledBy(JobRules::check)
                .statusRuledBy(JobStatusRules::check)
                .warning(JobWarnings::of)
                .tellingTwice()
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static void columns(ColumnList<Job> columns) {
        columns.name()
                .text("Status", JobKind::state)
                .text("Completions", JobKind::completions)
                .timed("Duration", JobKind::duration)
                .age();
        WorkloadRules.podColumns(
                columns, job -> job.spec().template(), job -> job.spec().selector());
    }

    private static void defaults(Job.Builder job) {
        job.spec(JobKind::defaults);
    }

    private static void defaults(JobSpec.Builder spec) {
        var given = spec.build();
        boolean perIndex = given.hasBackoffLimitPerIndex();
        // Without a number of completions and without parallelism, one pod is wanted once.
        if (!given.hasCompletions() && !given.hasParallelism()) spec.completions(1);
        if (!given.hasParallelism()) spec.parallelism(1);
        if (!given.hasBackoffLimit()) spec.backoffLimit(perIndex ? Integer.MAX_VALUE : DEFAULT_BACKOFF_LIMIT);
        if (!given.hasCompletionMode()) spec.completionMode(CompletionMode.NON_INDEXED);
        if (!given.hasSuspend()) spec.suspend(false);
        if (!given.hasManualSelector()) spec.manualSelector(false);
        if (!given.hasPodReplacementPolicy())
            spec.podReplacementPolicy(
                    given.hasPodFailurePolicy()
                            ? PodReplacementPolicy.FAILED
                            : PodReplacementPolicy.TERMINATING_OR_FAILED);
    }

    /// The template's labels are those of the job, for want of its own, before the server adds to them.
    private static void labels(Job.Builder job) {
        var template = job.build().spec().template();
        job.metadata(metadata -> WorkloadRules.labelsOfTemplate(metadata, template));
    }

    private static void prepare(Job.Builder job, Job old) {
        job.spec(spec -> spec.template(PodDefaults::withholdFromPods));
        if (old.exists()) {
            labels(job);
            return;
        }
        var given = job.build();
        if (!given.spec().manualSelector()) job.spec(spec -> generate(spec, given.uid(), given.name()));
        job.metadata(metadata ->
                WorkloadRules.labelsOfTemplate(metadata, given.spec().template()));
    }

    private static void generate(JobSpec.Builder spec, String uid, String name) {
        spec.template(template -> template.metadata(metadata -> addLabels(metadata, Jobs.generatedLabels(uid, name))));
        spec.selector(selector -> {
            if (!selector.build().matchLabels().containsKey(Jobs.UID)) selector.putMatchLabels(Jobs.UID, uid);
        });
    }

    private static void addLabels(ObjectMeta.Builder metadata, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            if (!metadata.build().labels().containsKey(key)) metadata.putLabels(key, value);
        });
    }

    private static String state(Job job) {
        if (Jobs.complete(job)) return "Complete";
        if (Jobs.failed(job)) return "Failed";
        if (job.deleting()) return "Terminating";
        return List.of(
                        JobConditionType.SUSPENDED,
                        JobConditionType.FAILURE_TARGET,
                        JobConditionType.SUCCESS_CRITERIA_MET)
                .stream()
                .filter(type -> Jobs.isTrue(job, type))
                .findFirst()
                .orElse("Running");
    }

    private static String completions(Job job) {
        int done = job.status().succeeded();
        if (job.spec().hasCompletions()) return done + "/" + job.spec().completions();
        int parallel = job.spec().parallelism();
        return parallel > 1 ? done + "/1 of " + parallel : done + "/1";
    }

    private static String duration(Job job, Instant now) {
        var status = job.status();
        return status.startTime()
                .map(start -> Durations.human(
                        Duration.between(start, status.completionTime().orElse(now))))
                .orElse("");
    }
}
