package io.navarch.reconcile;

import io.navarch.model.AnyObject;
import io.navarch.model.EventType;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries out what a controller decided, and remembers which revision its caches must reach before it may look again.
public final class ActionExecutor {
    /// The cause that a refusal gives when its namespace is being deleted.
    private static final String TERMINATING = "NamespaceTerminating";

    /// At most this many of one batch run at once; client-go's slow start doubles without a bound.
    private static final int WIDEST = 64;

    private final ApiWriter api;
    private final EventSink events;
    private final Consumer<Metric.Sample> metrics;
    private final Set<ResourceType<?>> followed;
    private final Supplier<ExecutorService> threads;
    private final Map<ObjectKey, Map<ResourceType<?>, Long>> written = new ConcurrentHashMap<>();

    /// @param followed the resources that the controller has caches of
    /// @param threads for one batch; closed after it
    public ActionExecutor(
            ApiWriter api,
            EventSink events,
            Consumer<Metric.Sample> metrics,
            Set<ResourceType<?>> followed,
            Supplier<ExecutorService> threads) {
        this.api = api;
        this.events = events;
        this.metrics = metrics;
        this.followed = followed;
        this.threads = threads;
    }

    /// The revisions written for a key since this was last called, by resource.
    Map<ResourceType<?>, Long> takeWritten(ObjectKey key) {
        var result = written.remove(key);
        return result == null ? Map.of() : result;
    }

    void restore(ObjectKey key, ResourceType<?> type, long revision) {
        written.computeIfAbsent(key, ignored -> new ConcurrentHashMap<>()).merge(type, revision, Math::max);
    }

    /// Nothing can be made in this namespace any more: going on is no use, and neither is trying again.
    private static final class NamespaceTerminatingException extends RuntimeException {
        NamespaceTerminatingException() {
            super("the namespace is being terminated", null, false, false);
        }
    }

    /// @throws ApiException of the first action that failed; those after it are left out
    public void execute(ObjectKey key, Decision decision) throws InterruptedException {
        try {
            inSequence(key, decision.actions());
        } catch (NamespaceTerminatingException e) {
            // The namespace controller does the rest.
        }
    }

    private void inSequence(ObjectKey key, List<? extends Action> actions) throws InterruptedException {
        for (int start = 0, end; start < actions.size(); start = end) {
            end = start + 1;
            while (end < actions.size() && sameBatch(actions.get(start), actions.get(end))) end++;
            if (end == start + 1) execute(key, actions.get(start));
            else slowStartBatch(key, actions.subList(start, end));
        }
    }

    private static boolean sameBatch(Action one, Action other) {
        return one instanceof Action.Create a
                        && other instanceof Action.Create b
                        && a.type().equals(b.type())
                || one instanceof Action.Delete c
                        && other instanceof Action.Delete d
                        && c.type().equals(d.type());
    }

    /// One, two, four, ... at once: what is refused is refused once, not five hundred times.
    private void slowStartBatch(ObjectKey key, List<? extends Action> actions) throws InterruptedException {
        try (var executor = threads.get()) {
            for (int start = 0, size = 1; start < actions.size(); start += size, size = Math.min(WIDEST, size * 2)) {
                var tasks = new ArrayList<Future<?>>();
                for (var action : actions.subList(start, Math.min(actions.size(), start + size)))
                    tasks.add(executor.submit((Callable<Boolean>) () -> {
                        execute(key, action);
                        return true;
                    }));
                await(tasks);
            }
        }
    }

    private static void await(List<Future<?>> tasks) throws InterruptedException {
        @Nullable RuntimeException failure = null;
        for (var task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
            }
        }
        if (failure != null) throw failure;
    }

    private void execute(ObjectKey key, Action action) throws InterruptedException {
        switch (action) {
            case Action.Create create -> create(key, create);
            case Action.Update update ->
                remember(key, update.type(), api.update(update.type(), update.object(), update.subresource()));
            case Action.Patch patch ->
                remember(key, patch.type(), api.patch(patch.type(), patch.key(), patch.subresource(), patch.patch()));
            case Action.Apply apply ->
                remember(
                        key,
                        apply.type(),
                        api.apply(apply.type(), apply.object(), apply.subresource(), apply.manager()));
            case Action.Delete delete -> delete(key, delete);
            case Action.DeleteCollection all -> api.deleteCollection(all.type(), all.namespace());
            case Action.RecordEvent event ->
                events.record(
                        event.about(),
                        event.type(),
                        event.reason().reason(),
                        event.reason().message());
            case Action.RecordMetric metric -> metrics.accept(metric.sample());
        }
    }

    private void create(ObjectKey key, Action.Create create) throws InterruptedException {
        View made;
        try {
            made = api.create(create.type(), create.object());
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.ALREADY_EXISTS) {
                inSequence(key, create.ifExists());
                return;
            }
            // In a namespace that is being deleted nothing is missing.
            if (e.hasCause(TERMINATING)) throw new NamespaceTerminatingException();
            failed(create.event(), e);
            if (create.ifRefused().isPresent()) report(key, create.ifRefused().get(), e.message());
            throw e;
        }
        remember(key, create.type(), made);
        succeeded(create.event(), made.name());
    }

    private void report(ObjectKey key, Refusal refusal, String error) throws InterruptedException {
        var status = refusal.status(error);
        if (status.isPresent()) execute(key, Action.Update.status(refusal.type(), refusal.object(), status.get()));
    }

    private void delete(ObjectKey key, Action.Delete delete) {
        View left;
        try {
            left = api.delete(delete.type(), delete.key(), delete.uid(), delete.graceSeconds(), delete.propagation());
        } catch (ApiException e) {
            // Gone, or another object of that name: either way not ours to delete any more.
            if (e.reason() == ApiException.Reason.NOT_FOUND || e.reason() == ApiException.Reason.CONFLICT) return;
            failed(delete.event(), e);
            throw e;
        }
        if (AnyObject.of(left).kind().equals(delete.type().kind())) remember(key, delete.type(), left);
        succeeded(delete.event(), delete.key().name());
    }

    private void succeeded(EventTemplate event, String name) {
        event.done().forEach(metrics);
        if (!event.reason().isEmpty())
            events.record(event.about(), EventType.NORMAL, event.reason(), event.success(name));
    }

    private void failed(EventTemplate event, ApiException e) {
        event.failed().forEach(metrics);
        if (!event.failure().isEmpty())
            events.record(event.about(), EventType.WARNING, event.failure(), event.refusal(e.message()));
    }

    private void remember(ObjectKey key, ResourceType<?> type, View result) {
        var revision = result.resourceVersion();
        if (!revision.isEmpty() && followed.contains(type)) restore(key, type, Long.parseLong(revision));
    }
}
