package io.navarch.reconcile;

import io.navarch.client.Informers;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;

/// Runs a controller: changes of its inputs put keys into its queue, workers make a pass over each.
public final class ControllerRunner<S> {
    private static final Duration CATCH_UP = Duration.ofSeconds(5);

    private final ControllerWiring wiring;
    private final Informers caches;
    private final Reconciler<S> reconciler;
    private final WorkQueue<ObjectKey> queue;

    public ControllerRunner(
            ControllerRun<S> run, Informers caches, ActionExecutor executor, Metrics metrics, InstantSource clock) {
        var controller = run.controller();
        this.caches = caches;
        wiring = controller.wiring();
        reconciler = new Reconciler<>(run, caches, executor, metrics::record, clock, System::nanoTime);
        queue = new WorkQueue<>(new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60)), wiring.queue(), metrics);
        wiring.metrics().forEach(metrics::declare);
        metrics.registerGauges(() -> controller.gauges(caches));
        for (var input : wiring.inputs()) caches.of(input.type());
        controller.prepare(caches);
    }

    /// Call before the informers start, so that the first list comes in as changes.
    public void start(TaskScope scope, int workers) {
        for (var input : wiring.inputs()) follow(input);
        for (int i = 0; i < workers; i++) scope.start(wiring.name(), this::work);
    }

    private <T extends Lens> void follow(ControllerWiring.Input<T> input) {
        caches.of(input.type())
                .onChange((old, now) -> input.changes().keysOf(caches, old, now).forEach(queue::add));
    }

    private void work() throws InterruptedException {
        for (var input : wiring.inputs()) caches.of(input.type()).awaitSync();
        queue.process(wiring.name(), this::pass);
    }

    private boolean pass(ObjectKey key) throws InterruptedException {
        var outcome = reconciler.reconcile(key, this::caughtUp);
        outcome.requeueAfter().ifPresent(delay -> queue.addAfter(key, delay));
        return outcome.done();
    }

    private boolean caughtUp(ResourceType<?> type, long revision) throws InterruptedException {
        return caches.of(type).await(revision, CATCH_UP);
    }
}
