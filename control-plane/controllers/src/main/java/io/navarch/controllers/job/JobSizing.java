package io.navarch.controllers.job;

import io.navarch.controllers.WaitingForPods;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Job;
import io.navarch.model.Pod;
import io.navarch.process.Backoff;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How many pods a Job should have now, and which.
final class JobSizing {
    /// At most this many pods are created or deleted in one pass.
    private static final int BURST = 500;

    /// https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

    private final Job job;
    private final JobCount count;
    private final Instant now;
    private final List<Pod> active;
    private final List<Pod> pods;
    private final boolean perIndex;

    JobSizing(Job job, List<Pod> pods, JobCount count, Instant now) {
        this.job = job;
        this.count = count;
        this.now = now;
        this.pods = pods;
        active = pods.stream().filter(Pods::active).toList();
        perIndex = job.spec().hasBackoffLimitPerIndex();
    }

    /// What to do now.
    ///
    /// @param backoff until a pod may be created that has to wait because others failed
    record Steps(List<Action> changes, Optional<Duration> backoff, List<Reason> waitingOn) {
        private static Steps of(List<Action> changes, List<Reason> waitingOn) {
            return new Steps(changes, Optional.empty(), waitingOn);
        }

        private static Steps blocked(Duration backoff) {
            return new Steps(
                    List.of(), Optional.of(backoff), List.of(JobReason.POD_FAILURE_BACKOFF.about(backoff.toString())));
        }
    }

    Steps next() {
        var spec = job.spec();
        if (spec.suspend()) return remove(active);
        int parallelism = spec.parallelismOr(1);
        int wanted = parallelism;
        if (spec.hasCompletions()) wanted = Math.min(parallelism, spec.completions() - count.succeeded());
        else if (count.succeeded() > 0) wanted = Math.min(parallelism, active.size());
        var excess = excess(Math.max(0, wanted));
        if (!excess.isEmpty()) return remove(excess.subList(0, Math.min(BURST, excess.size())));
        int terminating = JobPods.replacedWhenFailed(job)
                ? (int) pods.stream().filter(Pods::terminating).count()
                : 0;
        int missing = Math.min(BURST, wanted - active.size() - terminating);
        if (missing <= 0) return Steps.of(List.of(), WaitingForPods.of(0, 0, terminating));
        boolean indexed = JobPods.indexed(job);
        var backoff = indexed && perIndex ? Optional.<Duration>empty() : backoff(pods);
        if (backoff.isPresent()) return Steps.blocked(backoff.get());
        if (indexed) return indexes(missing);
        var create = JobPods.create(job, JobMetrics.creation(job));
        return Steps.of(Collections.nCopies(missing, create), WaitingForPods.of(missing, 0, 0));
    }

    /// A pod that the Job itself deletes is not counted: it is released first.
    private Steps remove(List<Pod> victims) {
        var changes = new ArrayList<Action>();
        for (var pod : victims) {
            if (JobPods.tracked(pod)) changes.add(JobPods.untrack(pod));
            changes.add(JobPods.delete(job, pod));
        }
        return Steps.of(changes, WaitingForPods.of(0, 0, victims.size()));
    }

    /// What decides which pods go first, read once.
    private record Ranked(Pod pod, boolean ready, Instant created) {
        static final Comparator<Ranked> ORDER = Comparator.comparing(Ranked::ready)
                .thenComparing(Ranked::created, Comparator.reverseOrder())
                .thenComparing(ranked -> ranked.pod.name());
    }

    /// Pods too many: of an index that is done, out of range or doubled, then those that are missed least.
    private List<Pod> excess(int wanted) {
        boolean indexed = JobPods.indexed(job);
        if (!indexed && active.size() <= wanted) return List.of();
        var ranked = active.stream()
                .map(pod -> new Ranked(pod, Pods.ready(pod), pod.created()))
                .sorted(Ranked.ORDER)
                .map(Ranked::pod)
                .toList();
        var result = new ArrayList<Pod>();
        var useful = new ArrayList<Pod>();
        var taken = new HashSet<Integer>();
        for (var pod : ranked.reversed()) {
            int index = JobPods.index(pod);
            boolean useless = indexed && (index < 0 || index >= job.spec().completions() || done(index));
            boolean doubled = indexed && !useless && !taken.add(index);
            (useless || doubled ? result : useful).add(pod);
        }
        result.addAll(useful.reversed().subList(0, Math.max(0, useful.size() - wanted)));
        return result;
    }

    private boolean done(int index) {
        return count.succeededIndexes().contains(index) || count.failedIndexes().contains(index);
    }

    /// Pods for the lowest indexes that are neither done nor taken.
    private Steps indexes(int missing) {
        var taken = new HashSet<Integer>();
        var ended = new HashMap<Integer, List<Pod>>();
        for (var pod : pods) {
            int index = JobPods.index(pod);
            boolean there = Pods.active(pod) || JobPods.replacedWhenFailed(job) && Pods.terminating(pod);
            if (there) taken.add(index);
            else ended.computeIfAbsent(index, key -> new ArrayList<>()).add(pod);
        }
        var changes = new ArrayList<Action>();
        Optional<Duration> soonest = Optional.empty();
        var event = JobMetrics.creation(job);
        for (int index = 0; index < job.spec().completions() && changes.size() < missing; index++) {
            if (taken.contains(index) || done(index)) continue;
            var before = ended.getOrDefault(index, List.of());
            var backoff = perIndex ? backoff(before) : Optional.<Duration>empty();
            if (backoff.isEmpty())
                changes.add(JobPods.create(
                        job, index, perIndex ? OptionalInt.of(failures(before)) : OptionalInt.empty(), event));
            else if (soonest.isEmpty() || backoff.get().compareTo(soonest.get()) < 0) soonest = backoff;
        }
        var waitingOn = new ArrayList<Reason>(WaitingForPods.of(changes.size(), 0, 0));
        soonest.map(wait -> JobReason.POD_FAILURE_BACKOFF.about(wait.toString()))
                .ifPresent(waitingOn::add);
        return new Steps(changes, soonest, waitingOn);
    }

    private int failures(List<Pod> before) {
        return before.stream()
                .filter(pod -> JobPods.failed(job, pod))
                .mapToInt(pod ->
                        JobPods.failures(pod) + (FailurePolicy.of(job, pod).counts() ? 1 : 0))
                .max()
                .orElse(0);
    }

    private record Ended(Instant at, boolean succeeded, boolean counts) {}

    /// How long to wait after the last failures; empty when it is over. It doubles with every failure since the last
    /// success.
    private Optional<Duration> backoff(List<Pod> among) {
        var ended = among.stream()
                .filter(pod -> Pods.succeeded(pod) || JobPods.failed(job, pod))
                .map(pod -> new Ended(
                        JobPods.finishedAt(pod),
                        Pods.succeeded(pod),
                        FailurePolicy.of(job, pod).counts()))
                .sorted(Comparator.comparing(Ended::at))
                .toList();
        int failures = 0;
        var last = Instant.EPOCH;
        for (var each : ended) {
            if (each.succeeded) failures = 0;
            else if (each.counts) {
                failures++;
                last = each.at;
            }
        }
        if (failures == 0) return Optional.empty();
        return Optional.of(Duration.between(now, last.plus(BACKOFF.after(failures))))
                .filter(Duration::isPositive);
    }
}
