package io.navarch.controllers.job;

import io.navarch.controllers.Pods;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/// How many pods a Job should have now, and which.
final class JobSizing {
    private static final int BURST = 500;
    /// https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(10));

    private final View job;
    private final JobCount count;
    private final Instant now;
    private final List<View> active;
    private final List<View> pods;
    private final boolean perIndex;
    private Duration wait;

    JobSizing(View job, List<View> pods, JobCount count, Instant now) {
        this.job = job;
        this.count = count;
        this.now = now;
        this.pods = pods;
        active = pods.stream().filter(Pods::active).toList();
        perIndex = job.spec().get("backoffLimitPerIndex").exists();
    }

    /// How long until a pod that waits for its turn may be made; `null` when none does.
    Duration nextTry() {
        return wait;
    }

    void actions(List<Action> actions) {
        if (job.spec().get("suspend").bool()) {
            for (var pod : active) remove(pod, actions);
            return;
        }
        var completions = job.spec().get("completions");
        long parallelism = job.spec().get("parallelism").longOr(1);
        long wanted = completions.exists()
                ? Math.min(parallelism, completions.longOr(0) - count.succeeded())
                : count.succeeded() > 0 ? Math.min(parallelism, active.size()) : parallelism;
        var excess = excess(Math.max(0, wanted));
        for (var pod : excess.subList(0, Math.min(BURST, excess.size()))) remove(pod, actions);
        if (!excess.isEmpty()) return;
        long going = JobPods.replacedWhenFailed(job)
                ? pods.stream().filter(Pods::terminating).count()
                : 0;
        int missing = (int) Math.min(BURST, wanted - active.size() - going);
        if (missing <= 0) return;
        if (JobPods.indexed(job)) indexes(missing, actions);
        else if (ready(pods)) for (int i = 0; i < missing; i++) actions.add(JobPods.create(job, -1, -1));
    }

    /// One that the Job itself sends away is not counted: it is let go first.
    private void remove(View pod, List<Action> actions) {
        if (JobPods.tracked(pod)) actions.add(JobPods.untrack(pod));
        actions.add(JobPods.delete(job, pod));
    }

    /// Pods too many: of an index that is done, out of range or doubled, then those that are missed least.
    private List<View> excess(long wanted) {
        var result = new ArrayList<View>();
        var rest = new ArrayList<>(active);
        rest.sort(Comparator.comparing((View pod) -> Pods.ready(pod))
                .thenComparing(Pods::created, Comparator.reverseOrder())
                .thenComparing(View::name));
        if (JobPods.indexed(job)) {
            var taken = new HashSet<Integer>();
            for (var pod : rest.reversed()) {
                int index = JobPods.index(pod);
                boolean useless = index < 0
                        || index >= job.spec().get("completions").intOr(0)
                        || count.succeededIndexes.contains(index)
                        || count.failedIndexes.contains(index);
                if (useless || !taken.add(index)) result.add(pod);
            }
            rest.removeAll(result);
        }
        for (int i = 0; i < rest.size() - wanted; i++) result.add(rest.get(i));
        return result;
    }

    private void indexes(int missing, List<Action> actions) {
        var taken = new HashSet<Integer>();
        var ended = new HashMap<Integer, List<View>>();
        for (var pod : pods) {
            int index = JobPods.index(pod);
            boolean there = Pods.active(pod) || JobPods.replacedWhenFailed(job) && Pods.terminating(pod);
            if (there) taken.add(index);
            else ended.computeIfAbsent(index, key -> new ArrayList<>()).add(pod);
        }
        if (!perIndex && !ready(pods)) return;
        int made = 0;
        int completions = job.spec().get("completions").intOr(0);
        for (int index = 0; index < completions && made < missing; index++) {
            if (taken.contains(index) || count.succeededIndexes.contains(index) || count.failedIndexes.contains(index))
                continue;
            var before = ended.getOrDefault(index, List.of());
            if (perIndex && !ready(before)) continue;
            actions.add(JobPods.create(job, index, perIndex ? failures(before) : -1));
            made++;
        }
    }

    private int failures(List<View> before) {
        int most = 0;
        for (var pod : before) {
            if (!JobPods.failed(job, pod)) continue;
            most = Math.max(
                    most, JobPods.failures(pod) + (FailurePolicy.of(job, pod).counts() ? 1 : 0));
        }
        return most;
    }

    /// Whether the wait after the last failures is over: it doubles with every failure since the last success.
    private boolean ready(List<View> among) {
        var ended = among.stream()
                .filter(pod -> Pods.succeeded(pod) || JobPods.failed(job, pod))
                .sorted(Comparator.comparing(JobPods::finishedAt))
                .toList();
        int failures = 0;
        Instant last = null;
        for (var pod : ended) {
            if (Pods.succeeded(pod)) failures = 0;
            else if (FailurePolicy.of(job, pod).counts()) {
                failures++;
                last = JobPods.finishedAt(pod);
            }
        }
        if (failures == 0) return true;
        var left = Duration.between(now, last.plus(BACKOFF.after(failures)));
        if (!left.isPositive()) return true;
        if (wait == null || left.compareTo(wait) < 0) wait = left;
        return false;
    }
}
