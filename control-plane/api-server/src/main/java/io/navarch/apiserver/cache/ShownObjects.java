package io.navarch.apiserver.cache;

import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.schema.KindDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How objects look in versions that somebody had to be asked for. Each is asked for once, however many want to see it
/// at the same time; the answers that were not wanted for longest are forgotten.
public final class ShownObjects {
    /// Shows objects in the version that is wanted, in the same order.
    public interface Asked {
        /// @throws ApiException when there is no answer
        List<Map<String, Object>> convert(List<Map<String, Object>> objects);
    }

    /// An object is the same only if it is the very same bytes: what was only tried has no revision of its own.
    private record Key(Encoded object, KindDefinition kind, String apiVersion) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && key.object == object
                    && key.kind == kind
                    && key.apiVersion.equals(apiVersion);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object) * 31 + apiVersion.hashCode();
        }
    }

    private final long most;
    /// Guarded by the monitor, as the number of bytes; nobody is asked under it.
    private final Map<Key, CompletableFuture<StoredObject>> known = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /// @param most bytes to keep
    public ShownObjects(long most) {
        this.most = most;
    }

    /// The objects in a version of a kind; those that have it already are passed on.
    ///
    /// @param within how long others may be waited for who have asked before
    public List<StoredObject> show(
            List<StoredObject> objects, KindDefinition kind, String apiVersion, Duration within, Asked asked)
            throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            var own = new LinkedHashMap<Key, StoredObject>();
            var wanted = new ArrayList<CompletableFuture<StoredObject>>();
            for (var object : objects) {
                if (object.is(apiVersion)) wanted.add(CompletableFuture.completedFuture(object));
                else wanted.add(find(new Key(object.object(), kind, apiVersion), object, own));
            }
            if (!own.isEmpty()) ask(own, kind, asked);
            var shown = collect(wanted, deadline);
            if (shown.size() == objects.size()) return shown;
        }
    }

    private synchronized CompletableFuture<StoredObject> find(
            Key key, StoredObject object, Map<Key, StoredObject> own) {
        return known.computeIfAbsent(key, missing -> {
            own.put(key, object);
            return new CompletableFuture<>();
        });
    }

    private void ask(Map<Key, StoredObject> own, KindDefinition kind, Asked asked) {
        try {
            var trees =
                    asked.convert(own.values().stream().map(StoredObject::tree).toList());
            int at = 0;
            for (var each : own.entrySet()) keep(each.getKey(), each.getValue().shown(trees.get(at++), kind));
        } catch (RuntimeException | Error e) {
            // Others who wait ask themselves if it was only this caller who has left.
            boolean left = Thread.currentThread().isInterrupted();
            own.keySet().forEach(key -> fail(key, left ? new InterruptedException() : e));
            throw e;
        }
    }

    private synchronized void keep(Key key, StoredObject shown) {
        var waiting = known.get(key);
        bytes += weight(key, shown);
        if (waiting != null) waiting.complete(shown);
        for (var oldest = known.entrySet().iterator(); bytes > most && oldest.hasNext(); ) {
            var entry = oldest.next();
            var there = entry.getValue().getNow(null);
            if (there == null) continue;
            bytes -= weight(entry.getKey(), there);
            oldest.remove();
        }
    }

    private static long weight(Key key, StoredObject shown) {
        return (long) key.object.json().length + shown.json().length;
    }

    private synchronized void fail(Key key, Throwable cause) {
        var waiting = known.get(key);
        if (waiting == null || waiting.isDone()) return;
        known.remove(key);
        waiting.completeExceptionally(cause);
    }

    /// @return fewer than are wanted when somebody has left who had asked for them
    private static List<StoredObject> collect(List<CompletableFuture<StoredObject>> wanted, long deadline)
            throws InterruptedException {
        var result = new ArrayList<StoredObject>();
        for (var each : wanted) {
            try {
                result.add(each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                throw ApiException.late();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof InterruptedException) return List.of();
                if (e.getCause() instanceof ApiException cause) throw cause;
                throw new IllegalStateException(e.getCause());
            }
        }
        return result;
    }
}
