package io.navarch.controllers.job;

import io.navarch.controllers.Pods;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Whether a Job is to end, and how.
///
/// @param type `FailureTarget` or `SuccessCriteriaMet`: the pods that still run must go before it is final
record JobEnd(String type, String reason, String message) {
    boolean failure() {
        return type.equals("FailureTarget");
    }

    /// The condition that says it is over.
    String last() {
        return failure() ? "Failed" : "Complete";
    }

    private static JobEnd failed(String reason, String message) {
        return new JobEnd("FailureTarget", reason, message);
    }

    private static JobEnd succeeded(String reason, String message) {
        return new JobEnd("SuccessCriteriaMet", reason, message);
    }

    /// The end that was told before, or that is due now; `null` while the Job goes on.
    static JobEnd of(View job, List<View> pods, JobCount count, Instant now) {
        for (var type : List.of("FailureTarget", "SuccessCriteriaMet")) {
            var told = job.status().get("conditions").find("type", type);
            if (told.get("status").string().equals("True"))
                return new JobEnd(
                        type, told.get("reason").string(), told.get("message").string());
        }
        var spec = job.spec();
        if (count.fatal != null) return failed("PodFailurePolicy", count.fatal);
        if (count.failed() > spec.get("backoffLimit").longOr(6) || restartedTooOften(job, pods))
            return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        var left = untilDeadline(job, now);
        if (left != null && !left.isPositive())
            return failed("DeadlineExceeded", "Job was active longer than specified deadline");
        var ofIndexes = ofIndexes(job, count);
        return ofIndexes != null ? ofIndexes : complete(job, pods, count);
    }

    private static JobEnd ofIndexes(View job, JobCount count) {
        if (!JobPods.indexed(job)) return null;
        var spec = job.spec();
        if (spec.get("backoffLimitPerIndex").exists()) {
            var most = spec.get("maxFailedIndexes");
            if (most.exists() && count.failedIndexes.size() > most.longOr(0))
                return failed(
                        "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
            boolean allDone = count.failedIndexes.with(count.succeededIndexes).size()
                    >= spec.get("completions").intOr(0);
            if (count.failedIndexes.size() > 0 && allDone) return failed("FailedIndexes", "Job has failed indexes");
        }
        var rules = spec.get("successPolicy", "rules").views();
        for (int i = 0; i < rules.size(); i++)
            if (met(rules.get(i), count, spec.get("completions").intOr(0)))
                return succeeded("SuccessPolicy", "Matched rules at index " + i);
        return null;
    }

    private static boolean met(View rule, JobCount count, int completions) {
        var wanted = rule.get("succeededIndexes").string();
        var least = rule.get("succeededCount");
        if (wanted.isEmpty()) return count.succeededIndexes.size() >= least.longOr(0);
        var indexes = Indexes.parse(wanted, completions);
        int both = indexes.size()
                + count.succeededIndexes.size()
                - indexes.with(count.succeededIndexes).size();
        return both >= (least.exists() ? least.longOr(0) : indexes.size());
    }

    private static JobEnd complete(View job, List<View> pods, JobCount count) {
        var completions = job.spec().get("completions");
        long active = pods.stream().filter(Pods::active).count();
        boolean complete = completions.exists()
                ? count.succeeded() >= completions.longOr(0)
                : count.succeeded() > 0 && active == 0;
        if (job.spec().get("suspend").bool() && !(completions.exists() && complete)) return null;
        return complete ? succeeded("CompletionsReached", "Reached expected number of succeeded pods") : null;
    }

    /// With `restartPolicy: OnFailure` a pod fails in place.
    private static boolean restartedTooOften(View job, List<View> pods) {
        if (!job.spec().get("template", "spec").get("restartPolicy").string().equals("OnFailure")) return false;
        long restarts = 0;
        for (var pod : pods) {
            var phase = pod.status().get("phase").string();
            if (!phase.equals("Running") && !phase.equals("Pending")) continue;
            for (var list : new String[] {"containerStatuses", "initContainerStatuses"})
                for (var status : pod.status().get(list).views())
                    restarts += status.get("restartCount").longOr(0);
        }
        long limit = job.spec().get("backoffLimit").longOr(6);
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    /// How long the Job may still run; `null` when as long as it likes.
    static Duration untilDeadline(View job, Instant now) {
        var limit = job.spec().get("activeDeadlineSeconds");
        var started = Timestamps.parse(job.status().get("startTime").string());
        if (!limit.exists() || started == null || job.spec().get("suspend").bool()) return null;
        return Duration.between(now, started.plusSeconds(limit.longOr(0)));
    }
}
