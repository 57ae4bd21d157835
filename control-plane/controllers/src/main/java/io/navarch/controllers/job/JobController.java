package io.navarch.controllers.job;

import io.navarch.client.Caches;
import io.navarch.controllers.ControllerRefs;
import io.navarch.kinds.job.Jobs;
import io.navarch.model.Job;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs pods until enough of them have succeeded, or too many have failed.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/
public final class JobController implements Controller<JobController.Seen> {
    private static final String NAME = "kubernetes.io/job-controller";
    private static final String BY_JOB = "job";

    /// A Job, absent when it is gone, the pods that are or could become its own, and the tracked pods of a Job of its
    /// name that is gone.
    public record Seen(Job job, List<Pod> pods, List<Pod> orphans) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("job-controller")
                .queue("job")
                .watches(Resources.JOBS, Controller::self)
                .watches(
                        Resources.PODS,
                        (caches, pod) -> ControllerRefs.ownersOf(caches, Resources.JOBS, pod, JobController::selector))
                .may("batch", "jobs/status,jobs/finalizers", "update")
                .may("", "pods", "create,delete,patch")
                .metrics(JobMetrics.ALL)
                .build();
    }

    @Override
    public List<Metric.Sample> syncMetrics(Seen seen, Decision decision, Duration took, boolean failed) {
        if (!ours(seen.job) || Jobs.finished(seen.job)) return List.of();
        return JobMetrics.synced(seen.job, decision.actions(), took, failed);
    }

    private static LabelSelector selector(Job job) {
        return LabelSelector.ofObject(job.spec().selector());
    }

    private static ControllerRefs<Job> refs(Job job) {
        return new ControllerRefs<>(job, Resources.JOBS, selector(job));
    }

    @Override
    public void prepare(Caches caches) {
        ControllerRefs.index(caches, Resources.JOBS, JobController::selector);
        caches.of(Resources.PODS)
                .indexedBy(
                        BY_JOB,
                        pod -> Controller.owner(pod, Resources.JOBS.kind()).stream()
                                .map(ObjectKey::toString)
                                .toList());
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var job = caches.of(Resources.JOBS).get(key);
        var pods = caches.of(Resources.PODS);
        var orphans = pods.byIndex(BY_JOB, key.toString()).stream()
                .filter(pod -> !pod.controller().uid().equals(job.uid()) && JobPods.tracked(pod))
                .toList();
        if (job.exists()) return Optional.of(new Seen(job, refs(job).candidates(pods), orphans));
        return orphans.isEmpty() ? Optional.empty() : Optional.of(new Seen(job, List.of(), orphans));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var job = seen.job;
        var changes = new ArrayList<>(untrack(seen.orphans));
        if (!ours(job)) return Decision.of(changes);
        var pods = refs(job).claim(Resources.PODS, seen.pods, pod -> !pod.deleting());
        changes.addAll(pods.changes());
        if (!Jobs.finished(job)) return new JobPlan(job, pods.objects(), now).decide(changes);
        changes.addAll(untrack(pods.objects()));
        return Decision.of(changes);
    }

    private static List<Action> untrack(List<Pod> pods) {
        return pods.stream().filter(JobPods::tracked).map(JobPods::untrack).toList();
    }

    private static boolean ours(Job job) {
        return job.exists() && job.spec().managedByOr(NAME).equals(NAME);
    }
}
