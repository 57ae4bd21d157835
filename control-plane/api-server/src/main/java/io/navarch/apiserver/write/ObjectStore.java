package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.registry.Endpoint;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.store.Store;
import java.time.Duration;
import java.util.Map;

/// The last stage of a write: encodes the object and stores it under its key, unless somebody else was faster. The
/// answer is made of the bytes that were stored.
final class ObjectStore {
    private final Storage storage;

    ObjectStore(Storage storage) {
        this.storage = storage;
    }

    StoredObject write(Write write, Map<String, Object> object) {
        write.request().response().seat().computed();
        return write.current().map(current -> replace(write, current, object)).orElseGet(() -> create(write, object));
    }

    private StoredObject create(Write write, Map<String, Object> object) {
        var endpoint = write.endpoint();
        var view = View.of(object);
        var key = endpoint.key(write.request().info().namespace(), view.name());
        var bytes = StoredObject.encode(object);
        if (write.request().dryRun()) {
            if (has(key)) throw exists(endpoint, view);
            return stored(endpoint, key, bytes, 0, view);
        }
        var outcome =
                storage.store().put(key, bytes, Store.ABSENT, endpoint.kind().timeToLive(view));
        if (!outcome.written()) throw exists(endpoint, view);
        return stored(endpoint, key, bytes, outcome.revision(), view);
    }

    private static StoredObject stored(Endpoint endpoint, String key, byte[] bytes, long revision, View object) {
        return StoredObject.of(key, bytes, revision, endpoint.cache().kind(), object);
    }

    private static ApiException exists(Endpoint endpoint, View object) {
        var kind = endpoint.kind();
        var error = ApiException.alreadyExists(kind.plural(), kind.group(), object.name());
        boolean deleting = endpoint.cache()
                .get(endpoint.key(object.namespace(), object.name()))
                .filter(there -> there.view().deleting())
                .isPresent();
        return deleting ? error.reworded("object is being deleted: " + error.getMessage()) : error;
    }

    private StoredObject replace(Write write, StoredObject current, Map<String, Object> object) {
        var endpoint = write.endpoint();
        var view = View.of(object);
        boolean dryRun = write.request().dryRun();
        boolean finished = view.deleting()
                && !endpoint.kind().held(view)
                && view.metadata().get(ObjectMeta.DELETION_GRACE_PERIOD_SECONDS).longOr(0) == 0;
        if (finished) return dryRun ? current : remove(endpoint, current, object);
        if (unchanged(write, current, view)) return current;
        if (dryRun) return tried(endpoint, current, object);
        return put(endpoint, current, object, endpoint.kind().timeToLive(view));
    }

    /// An object that is stored in another version than it is from now on is written, even if nothing else changes.
    private boolean unchanged(Write write, StoredObject current, View object) {
        var endpoint = write.endpoint();
        boolean seen = endpoint.kind().custom() && (endpoint.converts() || endpoint.asks());
        if (!TreeComparison.unchanged(object, seen ? current.view() : write.old())) return false;
        if (!endpoint.kind().custom() || endpoint.kind().versions().size() == 1) return true;
        var kept = endpoint.cache().kind();
        return storage.store()
                .get(current.key())
                .filter(stored -> !StoredObject.is(
                        stored.value(), kept.apiVersion(kept.storage().name())))
                .isEmpty();
    }

    /// What the object would be, had it been written.
    StoredObject tried(Endpoint endpoint, StoredObject current, Map<String, Object> object) {
        var bytes = StoredObject.encode(object);
        return stored(endpoint, current.key(), bytes, current.revision(), View.of(object));
    }

    /// Replaces the stored object as it is.
    ///
    /// @throws StaleObjectException when it is not the current one any more
    StoredObject put(Endpoint endpoint, StoredObject current, Map<String, Object> object, Duration timeToLive) {
        var bytes = StoredObject.encode(object);
        var outcome = storage.store().put(current.key(), bytes, current.revision(), timeToLive);
        if (!outcome.written()) throw StaleObjectException.of(endpoint.kind(), current.name());
        return stored(endpoint, current.key(), bytes, outcome.revision(), View.of(object));
    }

    /// The last act of a deletion: the object goes, and what it was at last is the answer.
    ///
    /// @throws StaleObjectException when it is not the current one any more
    StoredObject remove(Endpoint endpoint, StoredObject current, Map<String, Object> last) {
        var outcome = storage.store().delete(current.key(), current.revision());
        if (!outcome.written()) throw StaleObjectException.of(endpoint.kind(), current.name());
        return stored(endpoint, current.key(), StoredObject.encode(last), outcome.revision(), View.of(last));
    }

    /// Whether an object is stored under this key.
    boolean has(String key) {
        return storage.store().get(key).isPresent();
    }
}
