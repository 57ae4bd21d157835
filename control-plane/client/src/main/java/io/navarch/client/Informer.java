package io.navarch.client;

import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/// A cache that follows one resource. Several may share what they follow, and read it as they like.
///
/// Handlers are called in the order of changes, one at a time; they must not block. Reading a cache never waits for its
/// handlers, so they may read each other's caches.
public final class Informer<T extends Lens> implements Cache<T> {
    /// `old` is absent for an addition, `now` for a deletion.
    @FunctionalInterface
    public interface Handler<T> {
        void changed(T old, T now);
    }

    private final SharedInformer shared;
    private final ResourceType<T> type;

    /// @param query selectors to narrow the resource down, `""` for all of it
    public Informer(Client client, ResourceType<T> type, String query) {
        this(new SharedInformer(client, type, "", query), type);
    }

    /// Follows one object; for who may read no others.
    public static <T extends Lens> Informer<T> ofOne(Client client, ResourceType<T> type, ObjectKey key) {
        var query = "fieldSelector=" + Client.encode("metadata.name=" + key.name());
        return new Informer<>(new SharedInformer(client, type, key.namespace(), query), type);
    }

    Informer(SharedInformer shared, ResourceType<T> type) {
        this.shared = shared;
        this.type = type;
    }

    public ResourceType<T> type() {
        return type;
    }

    @Override
    public Informer<T> indexedBy(String name, Function<T, Collection<String>> keys) {
        shared.indexedBy(name, object -> keys.apply(type.read(object)));
        return this;
    }

    public void onChange(Handler<T> handler) {
        shared.onChange((old, now) -> handler.changed(type.read(old), type.read(now)));
    }

    @Override
    public T get(ObjectKey key) {
        return type.read(shared.get(key));
    }

    @Override
    public List<T> all() {
        return read(shared.all());
    }

    @Override
    public List<T> byIndex(String name, String key) {
        return read(shared.byIndex(name, key));
    }

    private List<T> read(List<View> objects) {
        return objects.stream().map(type::read).toList();
    }

    @Override
    public int count(String name, String key) {
        return shared.count(name, key);
    }

    @Override
    public T first(String name, String prefix) {
        return type.read(shared.first(name, prefix));
    }

    @Override
    public T last(String name, String prefix) {
        return type.read(shared.last(name, prefix));
    }

    public boolean synced() {
        return shared.synced();
    }

    /// Waits until the first list is in.
    public void awaitSync() throws InterruptedException {
        shared.awaitSync();
    }

    /// Waits until the write with this revision has come in; false when that takes too long.
    public boolean await(long wanted, Duration limit) throws InterruptedException {
        return shared.await(wanted, limit);
    }

    public void start(TaskScope scope) {
        shared.start(scope);
    }
}
