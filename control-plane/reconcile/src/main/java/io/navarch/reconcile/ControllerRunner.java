package io.navarch.reconcile;

import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.client.ResourceType;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a controller: caches in, decisions out, actions done. A key is looked at again only once the caches have seen
/// what was written for it, so no decision is made on a state that the controller itself has changed.
public final class ControllerRunner<S> {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerRunner.class);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);

    private final Controller<S> controller;
    private final Informers caches;
    private final Client client;
    private final EventRecorder events;
    private final InstantSource clock;
    private final WorkQueue<ObjectKey> queue =
            new WorkQueue<>(new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60)));
    private final Map<ObjectKey, Map<ResourceType, Long>> written = new ConcurrentHashMap<>();

    public ControllerRunner(
            Controller<S> controller, Informers caches, Client client, EventRecorder events, InstantSource clock) {
        this.controller = controller;
        this.caches = caches;
        this.client = client;
        this.events = events;
        this.clock = clock;
        for (var input : controller.inputs()) caches.of(input.type());
    }

    /// Call before the informers start, so that the first list comes in as changes.
    public void start(TaskScope scope, int workers) {
        for (var input : controller.inputs()) {
            caches.of(input.type()).onChange((old, now) -> {
                if (old.exists()) input.keys().apply(old).forEach(queue::add);
                if (now.exists()) input.keys().apply(now).forEach(queue::add);
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
        var waits = written.remove(key);
        if (waits != null) {
            for (var wait : waits.entrySet()) {
                Informer informer = caches.of(wait.getKey());
                if (!informer.await(wait.getValue(), CATCH_UP)) return false;
            }
        }
        var seen = controller.observe(caches, key);
        if (seen == null) return true;
        var decision = controller.decide(seen, clock.instant());
        for (var action : decision.actions()) execute(key, action);
        if (decision.lookAgain() != null) queue.addAfter(key, decision.lookAgain());
        return true;
    }

    private void execute(ObjectKey key, Action action) {
        switch (action) {
            case Action.Create create -> create(key, create);
            case Action.Update update ->
                remember(key, update.type(), client.update(update.type(), update.object(), update.subresource()));
            case Action.Patch patch ->
                remember(
                        key,
                        patch.type(),
                        client.mergePatch(patch.type(), patch.key(), patch.subresource(), patch.patch()));
            case Action.Delete delete -> delete(key, delete);
            case Action.Emit emit -> events.record(emit.object(), emit.type(), emit.reason(), emit.message(), "");
        }
    }

    private void create(ObjectKey key, Action.Create create) {
        try {
            var made = client.create(create.type(), create.object());
            remember(key, create.type(), made);
            if (create.onFailureTell().exists()) {
                events.normal(
                        create.onFailureTell(),
                        "SuccessfulCreate",
                        "Created " + create.type().kind().toLowerCase(java.util.Locale.ROOT) + ": " + made.name());
            }
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.ALREADY_EXISTS) return;
            if (create.onFailureTell().exists())
                events.warning(create.onFailureTell(), "FailedCreate", "Error creating: " + e.getMessage());
            throw e;
        }
    }

    private void delete(ObjectKey key, Action.Delete delete) {
        try {
            var left = client.delete(
                    delete.type(), delete.key(), delete.uid(), delete.graceSeconds(), delete.propagation());
            if (left.get("kind").string().equals(delete.type().kind())) remember(key, delete.type(), left);
        } catch (ApiException e) {
            // Gone, or another object of that name: either way not ours to delete any more.
            if (e.reason() != ApiException.Reason.NOT_FOUND && e.reason() != ApiException.Reason.CONFLICT) throw e;
        }
    }

    private void remember(ObjectKey key, ResourceType type, View result) {
        var revision = result.resourceVersion();
        boolean followed =
                controller.inputs().stream().anyMatch(input -> input.type().equals(type));
        if (revision.isEmpty() || !followed) return;
        written.computeIfAbsent(key, ignored -> new ConcurrentHashMap<>())
                .merge(type, Long.parseLong(revision), Math::max);
    }
}
