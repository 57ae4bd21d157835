package io.navarch.controllers.ttlafterfinished;

import io.navarch.client.Caches;
import io.navarch.client.ResourceType;
import io.navarch.controllers.job.JobController;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Deletes Jobs so many seconds after they have ended.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
public final class TtlAfterFinishedController implements Controller<View> {
    @Override
    public String name() {
        return "ttl-after-finished-controller";
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(ResourceType.JOBS, Controller::self));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("batch", "jobs", "delete"));
    }

    @Override
    public View observe(Caches caches, ObjectKey key) {
        var job = caches.of(ResourceType.JOBS).get(key);
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
        if (left.isPositive()) return new Decision(List.of(), left.plusMillis(20));
        return Decision.of(List.of(new Action.Delete(ResourceType.JOBS, job.key(), job.uid(), null, "Foreground")));
    }
}
