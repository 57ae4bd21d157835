package io.navarch.controllers.ttlafterfinished;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.job.JobController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Deletes Jobs so many seconds after they have ended.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
public final class TtlAfterFinishedController implements LegacyController<View> {
    private static final Metric LATE = Metric.histogram(
            "ttl_after_finished_controller_job_deletion_duration_seconds",
            "[ALPHA] Time between when a Job was due to go and when it was deleted.",
            Metric.exponential(0.1, 2, 14));

    @Override
    public String name() {
        return "ttl-after-finished-controller";
    }

    @Override
    public String queue() {
        return "ttl_jobs_to_delete";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(LATE);
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(Resources.JOBS.untyped(), LegacyController::self));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("batch", "jobs", "delete"));
    }

    @Override
    public View look(Caches caches, ObjectKey key) {
        var job = caches.of(Resources.JOBS.untyped()).get(key);
        boolean due = job.exists()
                && !job.deleting()
                && job.spec().get("ttlSecondsAfterFinished").exists()
                && JobController.finished(job);
        return due ? job : null;
    }

    @Override
    public Decision decide(View job, Instant now) {
        var type = job.condition("Complete").equals("True") ? "Complete" : "Failed";
        var ended = Timestamps.parse(job.status()
                .get("conditions")
                .find("type", type)
                .get("lastTransitionTime")
                .string());
        if (ended == null) return Decision.NOTHING;
        var left = Duration.between(
                now, ended.plusSeconds(job.spec().get("ttlSecondsAfterFinished").longOr(0)));
        if (left.isPositive()) return LegacyController.decision(List.of(), left.plusMillis(20));
        var story = EventTemplate.NONE.counting(List.of(LATE.of(-left.toMillis() / 1e3)), List.of());
        return Decision.of(List.of(new Action.Delete(
                Resources.JOBS.untyped(), job.key(), job.uid(), Optional.empty(), "Foreground", story)));
    }
}
