package io.navarch.controllers.ttlafterfinished;

import io.navarch.client.Caches;
import io.navarch.kinds.job.Jobs;
import io.navarch.model.Job;
import io.navarch.model.JobCondition;
import io.navarch.model.JobConditionType;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Deletes Jobs `ttlSecondsAfterFinished` after they have ended.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
public final class TtlAfterFinishedController implements Controller<Job> {
    private static final Metric LATE = Metric.histogram(
            "ttl_after_finished_controller_job_deletion_duration_seconds",
            "[ALPHA] Time between when a Job was due to go and when it was deleted.",
            Metric.exponential(0.1, 2, 14));

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("ttl-after-finished-controller")
                .queue("ttl_jobs_to_delete")
                .watches(Resources.JOBS, Controller::self)
                .may("batch", "jobs", "delete")
                .metrics(LATE)
                .build();
    }

    @Override
    public Optional<Job> observe(Caches caches, ObjectKey key) {
        return Optional.of(caches.of(Resources.JOBS).get(key))
                .filter(job -> !job.deleting() && job.spec().hasTtlSecondsAfterFinished() && Jobs.finished(job));
    }

    @Override
    public Decision decide(Job job, Instant now) {
        var type = Jobs.complete(job) ? JobConditionType.COMPLETE : JobConditionType.FAILED;
        return StatusCondition.find(job.status().conditions(), type)
                .flatMap(JobCondition::lastTransitionTime)
                .map(ended -> decide(job, ended.plusSeconds(job.spec().ttlSecondsAfterFinished()), now))
                .orElse(Decision.NOTHING);
    }

    private static Decision decide(Job job, Instant due, Instant now) {
        var left = Duration.between(now, due);
        if (left.isPositive())
            return Decision.builder().requeueAfter(left.plusMillis(20)).build();
        var late = EventTemplate.NONE.counting(List.of(LATE.of(-left.toMillis() / 1e3)), List.of());
        return Decision.of(
                new Action.Delete(Resources.JOBS, job.key(), job.uid(), Optional.empty(), "Foreground", late));
    }
}
