package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import java.util.Optional;

/// Reads that are never older than what was acknowledged before: they wait until the cache has caught up.
public final class CurrentObjects {
    private static final long WAIT_MILLIS = 3000;

    private final Storage storage;

    public CurrentObjects(Storage storage) {
        this.storage = storage;
    }

    /// The object as of now, or 404.
    public StoredObject require(Endpoint endpoint, String namespace, String name) throws InterruptedException {
        return find(endpoint, namespace, name).orElseThrow(() -> endpoint.notFound(name));
    }

    /// The object as of now.
    public Optional<StoredObject> find(Endpoint endpoint, String namespace, String name) throws InterruptedException {
        awaitLatest(endpoint.cache());
        return endpoint.cache().get(endpoint.key(namespace, name));
    }

    /// Waits until the cache has seen every write that was acknowledged.
    public void awaitLatest(ObjectCache cache) throws InterruptedException {
        if (!cache.await(storage.store().revision(), WAIT_MILLIS)) {
            throw new ApiException(ApiException.Reason.TIMEOUT, "the watch cache is behind the store");
        }
    }

    /// Waits until the cache has come to a revision, which a client may have invented.
    public void awaitRevision(ObjectCache cache, long wanted) throws InterruptedException {
        if (cache.await(wanted, WAIT_MILLIS)) return;
        throw new ApiException(
                ApiException.Reason.TIMEOUT,
                "Timeout: Too large resource version: " + wanted + ", current: " + cache.revision(),
                StatusDetails.builder()
                        .addCauses(
                                cause -> cause.reason("ResourceVersionTooLarge").message("Too large resource version"))
                        .retryAfterSeconds(1)
                        .map());
    }
}
