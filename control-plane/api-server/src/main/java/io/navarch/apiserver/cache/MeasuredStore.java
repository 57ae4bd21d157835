package io.navarch.apiserver.cache;

import io.navarch.apiserver.timing.CallTimes;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.KindDefinition;
import io.navarch.store.Store;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells how long the store takes, under the names that are known from a store behind a network.
public final class MeasuredStore implements Store {
    private static final double NANOS = 1e9;
    private static final Metric DURATION = Metric.histogram(
            "etcd_request_duration_seconds",
            "[ALPHA] How long the store took.",
            List.of(
                    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0,
                    15.0, 20.0, 30.0, 45.0, 60.0),
            "operation",
            "group",
            "resource");
    private static final Metric REQUESTS = Metric.counter(
            "etcd_requests_total", "[ALPHA] What the store was asked.", "operation", "group", "resource");
    private static final Metric ERRORS = Metric.counter(
            "etcd_request_errors_total", "[ALPHA] What the store failed to do.", "operation", "group", "resource");

    /// As the original calls these parts of a trace, and where it has none, in the same way.
    private static final Map<String, String> SPANS = Map.of(
            "get", "Get etcd3",
            "list", "List(recursive=true) etcd3",
            "count", "Count etcd3",
            "create", "Create etcd3",
            "update", "GuaranteedUpdate etcd3",
            "delete", "Delete etcd3");

    private record Resource(String group, String plural) {}

    private final Store store;
    private final Metrics metrics;
    private final LongSupplier nanos;
    /// By the beginning of the key.
    private final Map<String, Resource> resources = new ConcurrentHashMap<>();

    /// @param kinds whose objects are not stored below their group and plural
    /// @param nanos of a clock that nobody can set
    public MeasuredStore(Store store, Collection<KindDefinition> kinds, Metrics metrics, LongSupplier nanos) {
        this.store = store;
        this.metrics = metrics;
        this.nanos = nanos;
        for (var kind : kinds) resources.putIfAbsent(kind.storagePrefix(), new Resource(kind.group(), kind.plural()));
    }

    /// Built-in kinds are known; all others are below their group.
    private Resource resource(String key) {
        int second = key.indexOf('/', key.indexOf('/', 1) + 1);
        if (second < 0) return new Resource("", "");
        var known = resources.get(key.substring(0, second + 1));
        if (known != null) return known;
        int third = key.indexOf('/', second + 1);
        if (third < 0) return new Resource("", "");
        known = resources.get(key.substring(0, third + 1));
        if (known != null) return known;
        return new Resource(key.substring(key.indexOf('/', 1) + 1, second), key.substring(second + 1, third));
    }

    private <T> T measured(String operation, String key, Supplier<T> call) {
        var resource = resource(key);
        long begun = nanos.getAsLong();
        boolean done = false;
        try {
            var result = call.get();
            done = true;
            return result;
        } finally {
            long ended = nanos.getAsLong();
            CallTimes.current(CallTimes.Part.STORE, SPANS.getOrDefault(operation, operation), begun, ended);
            metrics.record(DURATION.of((ended - begun) / NANOS, operation, resource.group, resource.plural));
            metrics.record(REQUESTS.once(operation, resource.group, resource.plural));
            if (!done) metrics.record(ERRORS.once(operation, resource.group, resource.plural));
        }
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public long compacted() {
        return store.compacted();
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return measured("get", key, () -> store.get(key));
    }

    @Override
    public Range range(String start, String end, long revision, int limit) {
        return measured("list", start, () -> store.range(start, end, revision, limit));
    }

    @Override
    public long count(String start, String end, long revision) {
        return measured("count", start, () -> store.count(start, end, revision));
    }

    @Override
    public Optional<String> refusal() {
        return store.refusal();
    }

    @Override
    public Outcome put(String key, byte[] value, long expected, Duration ttl) {
        var operation = expected == ABSENT ? "create" : "update";
        return measured(operation, key, () -> store.put(key, value, expected, ttl));
    }

    @Override
    public Outcome delete(String key, long expected) {
        return measured("delete", key, () -> store.delete(key, expected));
    }

    @Override
    public Cursor watch(String prefix, long fromRevision) {
        return store.watch(prefix, fromRevision);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public void rewriteFiles() {
        store.rewriteFiles();
    }

    @Override
    public void close() {
        store.close();
    }
}
