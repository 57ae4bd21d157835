package io.navarch.client;

import io.navarch.model.AnyObject;
import io.navarch.model.Status;
import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one resource by a watch that begins with the current objects and resumes where it stood when the connection
/// breaks. Objects are kept as the bytes they came in; in the API server's process those are its own.
///
/// One thread applies events and calls handlers, under the monitor. Readers never need it: handlers read other
/// informers, whose handlers may be reading this one. What indexes hold has a lock of its own, under which nothing else
/// is called.
final class SharedInformer {
    /// The annotation of the bookmark that ends the initial events of a watch.
    private static final String INITIAL_END = "k8s.io/initial-events-end";

    private static final Logger LOG = LoggerFactory.getLogger(SharedInformer.class);

    private final Client client;
    private final ResourceType<?> type;
    private final String namespace;
    private final String query;
    private final Map<ObjectKey, Encoded> objects = new ConcurrentHashMap<>();
    private final Map<String, Index> indexes = new ConcurrentHashMap<>();
    private final List<BiConsumer<View, View>> handlers = new CopyOnWriteArrayList<>();
    private long revision;
    /// Whether the initial events are complete, so that the next watch can resume from the revision.
    private boolean whole;
    private volatile boolean synced;

    /// @param namespace `""` for all
    /// @param query selectors to narrow the resource down, `""` for all of it
    SharedInformer(Client client, ResourceType<?> type, String namespace, String query) {
        this.client = client;
        this.type = type;
        this.namespace = namespace;
        this.query = query;
    }

    void indexedBy(String name, Function<View, Collection<String>> keys) {
        synchronized (this) {
            if (indexes.containsKey(name)) return;
            var index = new Index(keys);
            for (var object : objects.values()) index.change(View.ABSENT, object.view());
            indexes.put(name, index);
        }
    }

    void onChange(BiConsumer<View, View> handler) {
        synchronized (this) {
            handlers.add(handler);
            for (var object : objects.values()) handler.accept(View.ABSENT, object.view());
        }
    }

    View get(ObjectKey key) {
        var object = objects.get(key);
        return object == null ? View.ABSENT : object.view();
    }

    List<View> all() {
        return objects.values().stream().map(Encoded::view).toList();
    }

    private Index index(String name) {
        var index = indexes.get(name);
        if (index == null) throw new IllegalArgumentException(type + " has no index " + name);
        return index;
    }

    List<View> byIndex(String name, String entry) {
        var result = new ArrayList<View>();
        for (var key : index(name).keys(entry)) {
            var object = objects.get(key);
            if (object != null) result.add(object.view());
        }
        return result;
    }

    int count(String name, String entry) {
        return index(name).count(entry);
    }

    View first(String name, String prefix) {
        return index(name).first(prefix).map(this::get).orElse(View.ABSENT);
    }

    View last(String name, String prefix) {
        return index(name).last(prefix).map(this::get).orElse(View.ABSENT);
    }

    boolean synced() {
        return synced;
    }

    /// Waits until the first list is in.
    void awaitSync() throws InterruptedException {
        synchronized (this) {
            while (!synced) wait();
        }
    }

    /// Waits until the write with this revision has come in; false when that takes too long.
    boolean await(long wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (this) {
            while (revision < wanted) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) return false;
                wait(left);
            }
        }
        return true;
    }

    void start(TaskScope scope) {
        var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
        scope.start("informer-" + type.plural(), () -> {
            int failures = 0;
            while (!scope.closed()) {
                try {
                    watch();
                    failures = 0;
                } catch (ApiException | IOException e) {
                    boolean expired = e instanceof ApiException error
                            && (error.reason() == ApiException.Reason.EXPIRED
                                    || error.reason() == ApiException.Reason.GONE);
                    if (expired) whole = false;
                    else failures++;
                    // What goes on is told less and less often: a kind may be gone for good.
                    if (failures > 3 && Integer.bitCount(failures) == 1)
                        LOG.warn("following {}: {}", type.plural(), e.getMessage());
                    TaskScope.pause(backoff.after(failures).toMillis());
                }
            }
        });
    }

    private void watch() throws IOException {
        boolean fresh = !whole;
        var uri = type.path(namespace, "", "") + "?watch=true&allowWatchBookmarks=true"
                + (fresh ? "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan" : "&resourceVersion=" + revision)
                + (query.isEmpty() ? "" : "&" + query);
        @Nullable Set<ObjectKey> seen = fresh ? new HashSet<>() : null;
        try (var events = client.watch(uri)) {
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                if (apply(event.get(), seen)) seen = null;
            }
        } catch (Json.MalformedException e) {
            throw new IOException("a broken watch event: " + e.getMessage());
        }
    }

    /// @param seen the keys that have come, `null` once all of what there was has
    /// @return whether all of it has come
    private boolean apply(Events.Event event, @Nullable Set<ObjectKey> seen) {
        var object = event.object().view();
        if (event.type().equals("ERROR"))
            throw ApiException.of(Status.of(object).codeOr(500), object);
        synchronized (this) {
            switch (event.type()) {
                case "ADDED", "MODIFIED" -> {
                    var key = object.key();
                    if (seen != null) seen.add(key);
                    put(key, event.object());
                }
                case "DELETED" -> remove(object.key(), object);
                default -> {}
            }
            boolean last =
                    seen != null && AnyObject.of(object).annotation(INITIAL_END).equals("true");
            if (seen != null && last) {
                for (var key : List.copyOf(objects.keySet())) if (!seen.contains(key)) remove(key);
                whole = true;
                synced = true;
            }
            // Until then the watch must begin anew when it breaks.
            if (whole) revision = Math.max(revision, Long.parseLong(object.resourceVersion()));
            notifyAll();
            return last;
        }
    }

    private void put(ObjectKey key, Encoded object) {
        var former = objects.put(key, object);
        var old = former == null ? View.ABSENT : former.view();
        var now = object.view();
        if (old.exists() && old.resourceVersion().equals(now.resourceVersion())) return;
        index(old, now);
        notify(old, now);
    }

    private void remove(ObjectKey key) {
        var known = objects.get(key);
        if (known != null) remove(key, known.view());
    }

    private void remove(ObjectKey key, View last) {
        var known = objects.remove(key);
        if (known == null) return;
        // The last state may have other entries than the one that was indexed.
        index(known.view(), View.ABSENT);
        notify(last, View.ABSENT);
    }

    private void index(View old, View now) {
        for (var index : indexes.values()) index.change(old, now);
    }

    private void notify(View old, View now) {
        for (var handler : handlers) {
            try {
                handler.accept(old, now);
            } catch (RuntimeException e) {
                LOG.error("a handler of {} failed", type.plural(), e);
            }
        }
    }
}
