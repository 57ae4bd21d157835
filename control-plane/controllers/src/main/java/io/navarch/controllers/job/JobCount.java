package io.navarch.controllers.job;

import io.navarch.controllers.Counts;
import io.navarch.kinds.job.Indexes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Job;
import io.navarch.model.JobStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodFailurePolicyAction;
import io.navarch.model.UncountedTerminatedPods;
import io.navarch.reconcile.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which pods have ended, each counted once: a pod keeps a finalizer until its uid is in the status as uncounted; once
/// the finalizer is off, the uid leaves the status and the counter rises, in one write.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-tracking-with-finalizers
final class JobCount {
    /// At most this many pods are released at a time; it bounds the size of the status.
    private static final int MOST = 500;

    private final Job job;
    private final boolean indexed;
    private final int completions;
    private final Set<String> uncountedSucceeded;
    private final Set<String> uncountedFailed;
    /// Pods that may be released once the status is written.
    private final List<Pod> released = new ArrayList<>();

    /// Failed pods that are counted now, by what a rule of the failure policy does about them.
    private final Map<PodFailurePolicyAction, Integer> ruled = new TreeMap<>();

    private int countedSucceeded;
    private int countedFailed;
    private final Indexes succeededIndexes;
    private final Indexes failedIndexes;
    private Optional<Reason> fatal = Optional.empty();

    /// What becomes of pods that still run.
    enum Running {
        KEPT,
        /// The Job has failed, and they with it.
        FAILED,
        /// Enough others have succeeded: they go without being counted.
        RELEASED
    }

    JobCount(Job job, List<Pod> pods, Running running) {
        this.job = job;
        indexed = JobPods.indexed(job);
        completions = job.spec().completionsOr(Integer.MAX_VALUE);
        var status = job.status();
        countedSucceeded = status.succeeded();
        countedFailed = status.failed();
        succeededIndexes = Indexes.parse(status.completedIndexes(), completions);
        failedIndexes = Indexes.parse(status.failedIndexes(), completions);
        uncountedSucceeded =
                new LinkedHashSet<>(status.uncountedTerminatedPods().succeeded());
        uncountedFailed = new LinkedHashSet<>(status.uncountedTerminatedPods().failed());
        settle(pods);
        for (var pod : pods) {
            if (released.size() < MOST && JobPods.tracked(pod)) count(pod, running);
            if (JobPods.failed(job, pod)) applyPolicy(pod);
        }
    }

    /// Pods that have been released since are counted now.
    private void settle(List<Pod> pods) {
        var tracked = new HashSet<String>();
        for (var pod : pods) {
            if (JobPods.tracked(pod)) tracked.add(pod.uid());
        }
        int before = uncountedSucceeded.size();
        uncountedSucceeded.retainAll(tracked);
        countedSucceeded += before - uncountedSucceeded.size();
        before = uncountedFailed.size();
        uncountedFailed.retainAll(tracked);
        countedFailed += before - uncountedFailed.size();
    }

    private void count(Pod pod, Running running) {
        boolean runs = !JobPods.failed(job, pod) && !Pods.succeeded(pod);
        if (runs && running == Running.KEPT) return;
        released.add(pod);
        if (runs && running == Running.RELEASED) return;
        boolean failed = !Pods.succeeded(pod);
        int index = JobPods.index(pod);
        boolean inRange = !indexed || index >= 0 && index < completions;
        if (!inRange || uncountedFailed.contains(pod.uid())) return;
        if (failed) {
            var verdict = FailurePolicy.of(job, pod);
            if (verdict.byRule()) ruled.merge(verdict.action(), 1, Integer::sum);
            if (verdict.counts()) uncountedFailed.add(pod.uid());
        } else if (indexed) {
            succeededIndexes.add(index);
        } else {
            uncountedSucceeded.add(pod.uid());
        }
    }

    /// What a failed pod means for its index and for the whole Job.
    private void applyPolicy(Pod pod) {
        var verdict = FailurePolicy.of(job, pod);
        if (verdict.action() == PodFailurePolicyAction.FAIL_JOB && fatal.isEmpty())
            fatal = Optional.of(JobReason.POD_FAILURE_POLICY.about(verdict.message()));
        var spec = job.spec();
        int index = JobPods.index(pod);
        if (!indexed || !spec.hasBackoffLimitPerIndex() || index < 0 || index >= completions || !verdict.counts())
            return;
        boolean failsIndex = verdict.action() == PodFailurePolicyAction.FAIL_INDEX
                || JobPods.failures(pod) >= spec.backoffLimitPerIndex();
        if (failsIndex) failedIndexes.add(index);
    }

    int succeeded() {
        return indexed ? succeededIndexes.size() : countedSucceeded + uncountedSucceeded.size();
    }

    int failed() {
        return countedFailed + uncountedFailed.size();
    }

    Indexes succeededIndexes() {
        return succeededIndexes;
    }

    Indexes failedIndexes() {
        return failedIndexes;
    }

    List<Pod> released() {
        return released;
    }

    Map<PodFailurePolicyAction, Integer> ruled() {
        return ruled;
    }

    /// Why a pod fails the whole Job, when one does.
    Optional<Reason> fatal() {
        return fatal;
    }

    /// Whether the status must be written before anything is final.
    boolean pending() {
        return !released.isEmpty() || !uncountedSucceeded.isEmpty() || !uncountedFailed.isEmpty();
    }

    void write(JobStatus.Builder status) {
        status.succeeded(indexed ? succeededIndexes.size() : countedSucceeded).failed(countedFailed);
        Counts.omitZeros(status, JobStatus.SUCCEEDED, JobStatus.FAILED);
        var uncounted = UncountedTerminatedPods.builder();
        if (!uncountedSucceeded.isEmpty()) uncounted.succeeded(List.copyOf(uncountedSucceeded));
        if (!uncountedFailed.isEmpty()) uncounted.failed(List.copyOf(uncountedFailed));
        status.uncountedTerminatedPods(uncounted.build());
        if (!indexed) return;
        status.completedIndexes(succeededIndexes.toString());
        if (succeededIndexes.size() == 0) status.clearCompletedIndexes();
        if (job.spec().hasBackoffLimitPerIndex()) status.failedIndexes(failedIndexes.toString());
    }
}
