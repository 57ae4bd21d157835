package io.navarch.reconcile;

import io.navarch.objects.View;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a controller: caches in, decisions out, actions done. A key is looked at again only once the caches have seen
/// what was written for it, so no decision is made on a state that the controller itself has changed.
public final class ControllerRunner<S> {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerRunner.class);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);

    private final Controller<S> controller;
    private final Informers caches;
    private final Actions actions;
    private final InstantSource clock;
    private final Metrics metrics;
    private final WorkQueue<ObjectKey> queue;

    public ControllerRunner(
            Controller<S> controller, Informers caches, Actions actions, Metrics metrics, InstantSource clock) {
        this.controller = controller;
        this.caches = caches;
        this.actions = actions;
        this.metrics = metrics;
        this.clock = clock;
        queue = new WorkQueue<>(new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60)), controller.queue(), metrics);
        controller.metrics().forEach(metrics::declare);
        metrics.look(() -> controller.state(caches));
        for (var input : controller.inputs()) caches.of(input.type());
        controller.prepare(caches);
    }

    /// Call before the informers start, so that the first list comes in as changes.
    public void start(TaskScope scope, int workers) {
        for (var input : controller.inputs()) {
            caches.of(input.type()).onChange((old, now) -> {
                if (old.exists()) input.keys().of(caches, old).forEach(queue::add);
                if (now.exists()) input.keys().of(caches, now).forEach(queue::add);
            });
        }
        for (int i = 0; i < workers; i++) scope.start(controller.name(), this::work);
    }

    private void work() throws InterruptedException {
        for (var input : controller.inputs()) caches.of(input.type()).awaitSync();
        while (true) {
            var key = queue.take();
            boolean failed = true;
            try {
                failed = !reconcile(key);
            } catch (InterruptedException e) {
                throw e;
            } catch (ApiException e) {
                boolean ordinary =
                        e.reason() == ApiException.Reason.CONFLICT || e.reason() == ApiException.Reason.NOT_FOUND;
                if (ordinary) LOG.debug("{} {}: {}", controller.name(), key, e.getMessage());
                else LOG.warn("{} {}: {}", controller.name(), key, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("{} {}", controller.name(), key, e);
            } finally {
                queue.done(key, failed);
            }
        }
    }

    private boolean reconcile(ObjectKey key) throws InterruptedException {
        for (var wait : actions.written(key).entrySet()) {
            Informer<View> informer = caches.of(wait.getKey());
            if (informer.await(wait.getValue(), CATCH_UP)) continue;
            actions.restore(key, wait.getKey(), wait.getValue());
            return false;
        }
        var seen = controller.observe(caches, key);
        if (seen == null) return true;
        long began = System.nanoTime();
        var decision = controller.decide(seen, clock.instant());
        try {
            actions.execute(key, decision.actions());
            looked(seen, decision, began, null);
        } catch (ApiException e) {
            looked(seen, decision, began, e);
            throw e;
        }
        if (decision.lookAgain() != null) queue.addAfter(key, decision.lookAgain());
        return true;
    }

    private void looked(S seen, Decision decision, long began, ApiException failure) {
        var took = Duration.ofNanos(System.nanoTime() - began);
        controller.looked(seen, decision, took, failure).forEach(metrics::tell);
    }
}
