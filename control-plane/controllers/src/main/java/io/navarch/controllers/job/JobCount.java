package io.navarch.controllers.job;

import io.navarch.controllers.Counts;
import io.navarch.controllers.Pods;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which pods have ended, each counted once: a pod keeps a finalizer until its uid stands in the status as uncounted;
/// once the finalizer is off, the uid leaves the status and the counter rises, in one write.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-tracking-with-finalizers
final class JobCount {
    /// So many pods are let go at a time.
    private static final int MOST = 500;

    private final View job;
    private final boolean indexed;
    private final int completions;
    private final List<String> uncountedSucceeded;
    private final List<String> uncountedFailed;
    /// Pods that may be let go once the status is written.
    final List<View> released = new ArrayList<>();

    /// Failed pods that are counted now, by what a rule of the failure policy has done with them.
    final Map<String, Integer> ruled = new TreeMap<>();

    private long countedSucceeded;
    private long countedFailed;
    final Indexes succeededIndexes;
    final Indexes failedIndexes;
    /// The message of a pod that fails the whole Job, or `null`.
    String fatal;

    /// @param giveUp whether the Job has failed, so that pods that still run are counted as failed
    JobCount(View job, List<View> pods, boolean giveUp) {
        this.job = job;
        indexed = JobPods.indexed(job);
        completions = job.spec().get("completions").intOr(Integer.MAX_VALUE);
        var status = job.status();
        countedSucceeded = status.get("succeeded").longOr(0);
        countedFailed = status.get("failed").longOr(0);
        succeededIndexes = Indexes.parse(status.get("completedIndexes").string(), completions);
        failedIndexes = Indexes.parse(status.get("failedIndexes").string(), completions);
        uncountedSucceeded = new ArrayList<>(
                status.get("uncountedTerminatedPods", "succeeded").strings());
        uncountedFailed =
                new ArrayList<>(status.get("uncountedTerminatedPods", "failed").strings());
        settle(pods);
        for (var pod : pods) if (JobPods.tracked(pod) && released.size() < MOST) count(pod, giveUp);
        for (var pod : pods) failIndex(pod);
    }

    /// Those that have been let go since are counted now.
    private void settle(List<View> pods) {
        var tracked = new HashSet<String>();
        for (var pod : pods) if (JobPods.tracked(pod)) tracked.add(pod.uid());
        int before = uncountedSucceeded.size();
        uncountedSucceeded.retainAll(tracked);
        countedSucceeded += before - uncountedSucceeded.size();
        before = uncountedFailed.size();
        uncountedFailed.retainAll(tracked);
        countedFailed += before - uncountedFailed.size();
    }

    private void count(View pod, boolean giveUp) {
        boolean failed = JobPods.failed(job, pod) || giveUp && !Pods.succeeded(pod);
        if (!failed && !Pods.succeeded(pod)) return;
        released.add(pod);
        int index = JobPods.index(pod);
        if (!failed && !uncountedFailed.contains(pod.uid())) {
            if (!indexed) {
                if (!uncountedSucceeded.contains(pod.uid())) uncountedSucceeded.add(pod.uid());
            } else if (index >= 0 && index < completions) {
                succeededIndexes.add(index);
            }
            return;
        }
        if (uncountedFailed.contains(pod.uid()) || indexed && (index < 0 || index >= completions)) return;
        var verdict = FailurePolicy.of(job, pod);
        if (verdict.byRule()) ruled.merge(verdict.action(), 1, Integer::sum);
        if (verdict.counts()) uncountedFailed.add(pod.uid());
    }

    private void failIndex(View pod) {
        if (!JobPods.failed(job, pod)) return;
        var verdict = FailurePolicy.of(job, pod);
        if (verdict.action().equals("FailJob") && fatal == null) fatal = verdict.message();
        var limit = job.spec().get("backoffLimitPerIndex");
        int index = JobPods.index(pod);
        if (!indexed || !limit.exists() || index < 0 || index >= completions || !verdict.counts()) return;
        if (verdict.action().equals("FailIndex") || JobPods.failures(pod) >= limit.longOr(0)) failedIndexes.add(index);
    }

    long succeeded() {
        return indexed ? succeededIndexes.size() : countedSucceeded + uncountedSucceeded.size();
    }

    long failed() {
        return countedFailed + uncountedFailed.size();
    }

    /// Whether the status must be written before anything is final.
    boolean pending() {
        return !released.isEmpty() || !uncountedSucceeded.isEmpty() || !uncountedFailed.isEmpty();
    }

    void write(Map<String, Object> status) {
        Counts.put(status, "succeeded", indexed ? succeededIndexes.size() : countedSucceeded);
        Counts.put(status, "failed", countedFailed);
        var uncounted = Trees.map();
        if (!uncountedSucceeded.isEmpty()) uncounted.put("succeeded", List.copyOf(uncountedSucceeded));
        if (!uncountedFailed.isEmpty()) uncounted.put("failed", List.copyOf(uncountedFailed));
        status.put("uncountedTerminatedPods", uncounted);
        if (!indexed) return;
        text(status, "completedIndexes", succeededIndexes.toString());
        if (job.spec().get("backoffLimitPerIndex").exists()) status.put("failedIndexes", failedIndexes.toString());
    }

    private static void text(Map<String, Object> status, String field, String value) {
        if (value.isEmpty()) status.remove(field);
        else status.put(field, value);
    }
}
