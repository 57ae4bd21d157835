package io.navarch.controllers.job;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.controllers.Claims;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Runs pods until enough of them have succeeded, or too many have failed.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/
public final class JobController implements LegacyController<JobController.Seen> {
    private static final String BY_JOB = "job";

    /// A Job, the pods that are or could be its own, and the tracked pods of a Job of its name that is gone.
    public record Seen(View job, List<View> pods, List<View> orphans) {}

    @Override
    public String name() {
        return "job-controller";
    }

    @Override
    public String queue() {
        return "job";
    }

    @Override
    public List<Metric> metrics() {
        return JobMetrics.ALL;
    }

    @Override
    public List<Metric.Sample> looked(Seen seen, Decision decision, Duration took, ApiException failure) {
        if (!ours(seen.job) || finished(seen.job)) return List.of();
        return JobMetrics.looked(seen.job, decision.actions(), took, failure);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.JOBS.untyped(), LegacyController::self),
                new Input(Resources.PODS.untyped(), JobController::jobsOf));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("batch", "jobs/status,jobs/finalizers", "update"),
                Permission.of("", "pods", "create,delete,patch"));
    }

    private static List<ObjectKey> jobsOf(Caches caches, View pod) {
        return Claims.ownersOf(caches, Resources.JOBS.untyped(), pod, JobController::selector);
    }

    private static LabelSelector selector(View job) {
        return LabelSelector.ofObject(job.spec().get("selector"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PODS.untyped())
                .indexedBy(
                        BY_JOB,
                        pod -> LegacyController.owner(pod, "Job").stream()
                                .map(ObjectKey::toString)
                                .toList());
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var job = caches.of(Resources.JOBS.untyped()).get(key);
        Cache<View> pods = caches.of(Resources.PODS.untyped());
        var orphans = pods.byIndex(BY_JOB, key.toString()).stream()
                .filter(pod -> !pod.controller().get("uid").string().equals(job.uid()) && JobPods.tracked(pod))
                .toList();
        if (!job.exists()) return orphans.isEmpty() ? null : new Seen(job, List.of(), orphans);
        return new Seen(job, Claims.of(job, selector(job)).candidates(pods), orphans);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        for (var orphan : seen.orphans) actions.add(JobPods.untrack(orphan));
        var job = seen.job;
        if (!ours(job)) return Decision.of(actions);
        var pods = Claims.of(job, selector(job))
                .claim(Resources.JOBS.untyped(), Resources.PODS.untyped(), seen.pods, pod -> !pod.deleting(), actions);
        if (finished(job)) {
            for (var pod : pods) if (JobPods.tracked(pod)) actions.add(JobPods.untrack(pod));
            return Decision.of(actions);
        }
        return new JobPlan(job, pods, now, actions).decide();
    }

    private static boolean ours(View job) {
        var manager = job.spec().get("managedBy").string();
        return job.exists() && (manager.isEmpty() || manager.equals("kubernetes.io/job-controller"));
    }

    /// Whether nothing will happen to a Job any more.
    public static boolean finished(View job) {
        return job.condition("Complete").equals("True")
                || job.condition("Failed").equals("True");
    }
}
