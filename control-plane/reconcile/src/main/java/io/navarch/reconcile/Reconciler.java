package io.navarch.reconcile;

import io.navarch.client.Caches;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Metric;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// One pass of a controller over one key: wait for the caches, observe, read, decide, carry out.
public final class Reconciler<S> {
    /// Whether the cache of a resource has come as far as a revision; may wait a while for it.
    @FunctionalInterface
    public interface CaughtUp {
        boolean to(ResourceType<?> type, long revision) throws InterruptedException;
    }

    /// What became of a pass.
    ///
    /// @param done whether the key need not come back for its own sake
    /// @param requeueAfter when to look again although nothing has changed
    public record Outcome(boolean done, Optional<Duration> requeueAfter) {}

    private final Controller<S> controller;
    private final ReadStep<S> reads;
    private final Caches caches;
    private final ActionExecutor executor;
    private final Consumer<Metric.Sample> metrics;
    private final InstantSource clock;
    private final LongSupplier nanos;

    /// @param nanos measures how long passes take
    public Reconciler(
            ControllerRun<S> run,
            Caches caches,
            ActionExecutor executor,
            Consumer<Metric.Sample> metrics,
            InstantSource clock,
            LongSupplier nanos) {
        controller = run.controller();
        reads = run.reads();
        this.caches = caches;
        this.executor = executor;
        this.metrics = metrics;
        this.clock = clock;
        this.nanos = nanos;
    }

    /// A key is looked at again only once the caches show what was written for it, so no decision is made on a state
    /// that the controller itself has changed.
    ///
    /// @throws ApiException when an action failed
    public Outcome reconcile(ObjectKey key, CaughtUp caughtUp) throws InterruptedException {
        boolean behind = false;
        for (var wait : executor.takeWritten(key).entrySet()) {
            if (!behind && caughtUp.to(wait.getKey(), wait.getValue())) continue;
            behind = true;
            executor.restore(key, wait.getKey(), wait.getValue());
        }
        if (behind) return new Outcome(false, Optional.empty());
        var observed = controller.observe(caches, key);
        if (observed.isEmpty()) return new Outcome(true, Optional.empty());
        long began = nanos.getAsLong();
        var seen = reads.read(observed.get(), clock.instant());
        var decision = controller.decide(seen, clock.instant());
        boolean failed = true;
        try {
            executor.execute(key, decision);
            failed = false;
        } finally {
            var took = Duration.ofNanos(nanos.getAsLong() - began);
            controller.syncMetrics(seen, decision, took, failed).forEach(metrics);
        }
        return new Outcome(true, decision.requeueAfter());
    }
}
