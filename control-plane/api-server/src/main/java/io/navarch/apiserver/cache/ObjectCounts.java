package io.navarch.apiserver.cache;

import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/// How many objects of each kind are stored, how much that is, and how far the caches have come.
public final class ObjectCounts implements Supplier<Collection<Metric.Sample>> {
    private static final Metric OBJECTS = Metric.gauge(
            "apiserver_resource_objects", "[ALPHA] Objects that are stored of a kind.", "group", "resource");
    private static final Metric OBJECTS_OF_OLD = Metric.gauge(
            "apiserver_storage_objects",
            "[STABLE] (Deprecated since 1.34.0) Objects that are stored of a kind.",
            "resource");
    private static final Metric SIZE = Metric.gauge(
            "apiserver_resource_size_estimate_bytes",
            "[ALPHA] Size of the objects that are stored of a kind.",
            "group",
            "resource");
    private static final Metric REVISION = Metric.gauge(
            "apiserver_watch_cache_resource_version",
            "[ALPHA] The revision that the cache of a kind has come to.",
            "group",
            "resource");

    private final Storage storage;

    public ObjectCounts(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Collection<Metric.Sample> get() {
        var samples = new ArrayList<Metric.Sample>();
        for (var cache : List.copyOf(storage.caches())) {
            var kind = cache.kind();
            samples.add(OBJECTS.of(cache.size(), kind.group(), kind.plural()));
            samples.add(OBJECTS_OF_OLD.of(
                    cache.size(), kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group()));
            samples.add(SIZE.of(cache.bytes(), kind.group(), kind.plural()));
            samples.add(REVISION.of(cache.revision(), kind.group(), kind.plural()));
        }
        return samples;
    }
}
