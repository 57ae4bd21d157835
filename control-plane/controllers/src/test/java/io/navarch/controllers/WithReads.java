package io.navarch.controllers;

import io.navarch.client.Caches;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.ReadStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A controller together with its read step, for worlds in which reading needs no time.
record WithReads<S>(Controller<S> controller, ReadStep<S> reads) implements Controller<S> {
    @Override
    public ControllerWiring wiring() {
        return controller.wiring();
    }

    @Override
    public void prepare(Caches caches) {
        controller.prepare(caches);
    }

    @Override
    public Optional<S> observe(Caches caches, ObjectKey key) {
        return controller.observe(caches, key).map(this::read);
    }

    private S read(S seen) {
        try {
            return reads.read(seen, Instant.EPOCH);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Decision decide(S seen, Instant now) {
        return controller.decide(seen, now);
    }

    @Override
    public List<Metric.Sample> syncMetrics(S seen, Decision decision, Duration took, boolean failed) {
        return controller.syncMetrics(seen, decision, took, failed);
    }
}
