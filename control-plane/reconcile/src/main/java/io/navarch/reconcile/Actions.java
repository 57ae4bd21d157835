package io.navarch.reconcile;

import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Carries out what a controller decided, and remembers up to which revision its caches must come before it may look
/// again.
public final class Actions {
    private final Client client;
    private final EventRecorder events;
    private final Metrics metrics;
    private final Set<ResourceType<View>> followed;
    private final Map<ObjectKey, Map<ResourceType<View>, Long>> written = new ConcurrentHashMap<>();

    /// @param followed the resources that the controller has caches of
    public Actions(Client client, EventRecorder events, Metrics metrics, Set<ResourceType<View>> followed) {
        this.client = client;
        this.events = events;
        this.metrics = metrics;
        this.followed = followed;
    }

    /// What was written for a key since it was last asked, by resource.
    Map<ResourceType<View>, Long> written(ObjectKey key) {
        var result = written.remove(key);
        return result == null ? Map.of() : result;
    }

    void restore(ObjectKey key, ResourceType<View> type, long revision) {
        written.computeIfAbsent(key, ignored -> new ConcurrentHashMap<>()).merge(type, revision, Math::max);
    }

    /// Nothing can be made in this namespace any more: there is no use in going on, and none in trying again.
    private static final class Abandoned extends RuntimeException {
        Abandoned() {
            super("the namespace is being terminated", null, false, false);
        }
    }

    /// @throws ApiException of the first action that failed; those after it are left out
    public void execute(ObjectKey key, List<Action> actions) throws InterruptedException {
        try {
            inOrder(key, actions);
        } catch (Abandoned e) {
            // The namespace controller does the rest.
        }
    }

    private void inOrder(ObjectKey key, List<Action> actions) throws InterruptedException {
        for (int start = 0, end; start < actions.size(); start = end) {
            end = start + 1;
            while (end < actions.size() && together(actions.get(start), actions.get(end))) end++;
            if (end == start + 1) execute(key, actions.get(start));
            else slowly(key, actions.subList(start, end));
        }
    }

    private static boolean together(Action one, Action other) {
        return one instanceof Action.Create a
                        && other instanceof Action.Create b
                        && a.type().equals(b.type())
                || one instanceof Action.Delete c
                        && other instanceof Action.Delete d
                        && c.type().equals(d.type());
    }

    /// One, two, four, ... at once: what is refused is refused once, not five hundred times.
    private void slowly(ObjectKey key, List<Action> actions) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int start = 0, size = 1; start < actions.size(); start += size, size = Math.min(64, size * 2)) {
                var tasks = new ArrayList<Future<?>>();
                for (var action : actions.subList(start, Math.min(actions.size(), start + size)))
                    tasks.add(threads.submit((Callable<Void>) () -> {
                        execute(key, action);
                        return null;
                    }));
                await(tasks);
            }
        }
    }

    private static void await(List<Future<?>> tasks) throws InterruptedException {
        RuntimeException failure = null;
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
                remember(key, update.type(), client.update(update.type(), update.object(), update.subresource()));
            case Action.Patch patch ->
                remember(
                        key,
                        patch.type(),
                        client.mergePatch(patch.type(), patch.key(), patch.subresource(), patch.patch()));
            case Action.Delete delete -> delete(key, delete);
            case Action.Emit emit -> events.record(emit.object(), emit.type(), emit.reason(), emit.message(), "");
            case Action.Measure measure -> metrics.tell(measure.sample());
        }
    }

    private void create(ObjectKey key, Action.Create create) throws InterruptedException {
        try {
            var made = client.create(create.type(), create.object());
            remember(key, create.type(), made);
            succeeded(create.story(), made.name());
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.ALREADY_EXISTS) {
                inOrder(key, create.otherwise().apply(e));
                return;
            }
            // In a namespace that is going nothing is missing.
            if (e.getMessage().contains("because it is being terminated")) throw new Abandoned();
            failed(create.story(), e);
            inOrder(key, create.otherwise().apply(e));
            throw e;
        }
    }

    private void delete(ObjectKey key, Action.Delete delete) {
        try {
            var left = client.delete(
                    delete.type(), delete.key(), delete.uid(), delete.graceSeconds(), delete.propagation());
            if (left.get("kind").string().equals(delete.type().kind())) remember(key, delete.type(), left);
            succeeded(delete.story(), delete.key().name());
        } catch (ApiException e) {
            // Gone, or another object of that name: either way not ours to delete any more.
            if (e.reason() == ApiException.Reason.NOT_FOUND || e.reason() == ApiException.Reason.CONFLICT) return;
            failed(delete.story(), e);
            throw e;
        }
    }

    private void succeeded(Action.Story story, String name) {
        story.done().forEach(metrics::tell);
        if (!story.reason().isEmpty()) events.normal(story.about(), story.reason(), told(story.message(), name));
    }

    private void failed(Action.Story story, ApiException e) {
        story.failed().forEach(metrics::tell);
        if (!story.failure().isEmpty())
            events.warning(story.about(), story.failure(), told(story.failureMessage(), e.getMessage()));
    }

    private static String told(String message, String value) {
        return message.replace("%s", value);
    }

    private void remember(ObjectKey key, ResourceType<View> type, View result) {
        var revision = result.resourceVersion();
        if (!revision.isEmpty() && followed.contains(type)) restore(key, type, Long.parseLong(revision));
    }
}
