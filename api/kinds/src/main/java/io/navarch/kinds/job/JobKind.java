package io.navarch.kinds.job;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Durations;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Job. Its selector and its pods' labels are made by the server unless `manualSelector` is set.
public final class JobKind {
    private static final String UID = "batch.kubernetes.io/controller-uid";
    private static final String NAME = "batch.kubernetes.io/job-name";

    private JobKind() {}

    public static KindDefinition definition(Types types) {
        var columns = new ArrayList<>(List.of(Columns.withTemplate(
                "spec.template",
                Columns.NAME,
                Columns.text("Status", JobKind::state),
                Columns.text("Completions", JobKind::completions),
                Columns.timed("Duration", JobKind::duration),
                Columns.AGE)));
        columns.add(Columns.wide("Selector", job -> Columns.selector(job.spec().get("selector"))));
        return KindDefinition.of("batch", "Job", "jobs")
                .version("v1", types.get("V1Job"), columns.toArray(Column[]::new))
                .categories("all")
                .withStatus()
                .withGeneration()
                .field(
                        "status.successful",
                        job -> String.valueOf(job.status().get("succeeded").longOr(0)))
                .defaultedBy(JobKind::defaults)
                .preparedBy(JobKind::prepare)
                .ruledBy(JobRules::check);
    }

    private static void defaults(Map<String, Object> job) {
        var spec = Trees.child(job, "spec");
        var view = View.of(spec);
        // Without a number of completions and without parallelism, one pod is wanted once.
        if (!view.get("completions").exists() && !view.get("parallelism").exists()) spec.put("completions", 1L);
        Trees.putIfAbsent(spec, 1L, "parallelism");
        Trees.putIfAbsent(
                spec, view.get("backoffLimitPerIndex").exists() ? (long) Integer.MAX_VALUE : 6L, "backoffLimit");
        Trees.putIfAbsent(spec, "NonIndexed", "completionMode");
        Trees.putIfAbsent(spec, false, "suspend");
        Trees.putIfAbsent(spec, false, "manualSelector");
        Trees.putIfAbsent(
                spec, view.get("podFailurePolicy").exists() ? "Failed" : "TerminatingOrFailed", "podReplacementPolicy");
    }

    private static void prepare(Map<String, Object> job, View old) {
        var view = View.of(job);
        if (old.exists()) return;
        if (!view.spec().get("manualSelector").bool()) generate(job, view);
        WorkloadRules.labelsOfTemplate(job);
    }

    private static void generate(Map<String, Object> job, View view) {
        var template = Trees.child(Trees.child(job, "spec"), "template");
        var given = Trees.child(Trees.child(template, "metadata"), "labels");
        generatedLabels(view.uid(), view.name()).forEach(given::putIfAbsent);
        Trees.putIfAbsent(job, Trees.map(), "spec", "selector");
        Trees.putIfAbsent(job, view.uid(), "spec", "selector", "matchLabels", UID);
    }

    /// The labels by which a job finds its pods when nobody chose a selector.
    static Map<String, String> generatedLabels(String uid, String name) {
        return new TreeMap<>(Map.of(UID, uid, NAME, name, "controller-uid", uid, "job-name", name));
    }

    private static String state(View job) {
        if (job.condition("Complete").equals("True")) return "Complete";
        if (job.condition("Failed").equals("True")) return "Failed";
        if (job.deleting()) return "Terminating";
        if (job.condition("Suspended").equals("True")) return "Suspended";
        if (job.condition("FailureTarget").equals("True")) return "FailureTarget";
        if (job.condition("SuccessCriteriaMet").equals("True")) return "SuccessCriteriaMet";
        return "Running";
    }

    private static String completions(View job) {
        long done = job.status().get("succeeded").longOr(0);
        var wanted = job.spec().get("completions");
        if (wanted.exists()) return done + "/" + wanted.longOr(0);
        long parallel = job.spec().get("parallelism").longOr(0);
        return parallel > 1 ? done + "/1 of " + parallel : done + "/1";
    }

    private static String duration(View job, Instant now) {
        var start = Timestamps.parse(job.status().get("startTime").string());
        if (start == null) return "";
        var end = Timestamps.parse(job.status().get("completionTime").string());
        return Durations.human(Duration.between(start, end == null ? now : end));
    }
}
