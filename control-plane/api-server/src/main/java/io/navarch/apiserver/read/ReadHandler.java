package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Storage;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.util.List;

/// GET and LIST, answered from encoded objects.
public final class ReadHandler {
    private static final long WAIT_MILLIS = 3000;

    private final Storage storage;
    private final Rendering rendering;
    private final Listing listing;
    private final ListWriter lists;

    public ReadHandler(Storage storage, Rendering rendering) {
        this.storage = storage;
        this.rendering = rendering;
        this.listing = new Listing(storage, this);
        this.lists = new ListWriter(rendering);
    }

    /// The object as of now, or 404.
    public StoredObject require(RequestContext context, String name) throws InterruptedException {
        var endpoint = context.endpoint;
        awaitLatest(endpoint.cache());
        var stored = endpoint.cache().get(endpoint.key(context.info.namespace(), name));
        if (stored == null) throw endpoint.notFound(name);
        return stored;
    }

    public void awaitLatest(ObjectCache cache) throws InterruptedException {
        if (!cache.await(storage.store().revision(), WAIT_MILLIS)) {
            throw new ApiException(ApiException.Reason.TIMEOUT, "the watch cache is behind the store");
        }
    }

    public void get(RequestContext context) throws IOException, InterruptedException {
        awaitRevision(
                context.endpoint.cache(), ListOptions.revision(context.call().query("resourceVersion")));
        var stored = require(context, context.info.name());
        respond(context, 200, stored);
    }

    public void respond(RequestContext context, int status, StoredObject stored) throws IOException {
        var endpoint = context.endpoint;
        if (context.accept.table()) {
            var metadata = Trees.map("resourceVersion", String.valueOf(stored.revision()));
            context.respond(
                    status,
                    rendering.table(
                            List.of(rendering.tree(stored, endpoint)),
                            endpoint,
                            metadata,
                            context.call().query("includeObject"),
                            true));
        } else if (context.accept.metadataOnly()) {
            context.respond(status, rendering.metadata(stored.view()));
        } else if (context.accept.protobuf()) {
            var message = rendering.message(stored, endpoint, context.protobuf);
            context.respondBytes(
                    status,
                    Protobuf.MEDIA_TYPE,
                    Protobuf.envelope(endpoint.apiVersion(), endpoint.kind().kind(), message));
        } else if (context.accept.yaml()) {
            context.respond(status, rendering.tree(stored, endpoint));
        } else {
            context.respondBytes(status, "application/json", rendering.json(stored, endpoint));
        }
    }

    public void list(RequestContext context) throws IOException, InterruptedException {
        var options = ListOptions.of(context.call(), false);
        var selection = context.selection();
        lists.write(context, selection, listing.page(context.endpoint.cache(), selection, options));
    }

    /// A list of objects that are not stored.
    void respondAll(RequestContext context, List<StoredObject> objects) throws IOException {
        var page = new Listing.Page(storage.store().revision(), objects, null, null);
        lists.write(context, context.selection(), page);
    }

    void awaitRevision(ObjectCache cache, long wanted) throws InterruptedException {
        if (cache.await(wanted, WAIT_MILLIS)) return;
        throw new ApiException(
                ApiException.Reason.TIMEOUT,
                "Timeout: Too large resource version: " + wanted + ", current: " + cache.revision(),
                Trees.map(
                        "causes",
                        List.of(Trees.map(
                                "reason", "ResourceVersionTooLarge", "message", "Too large resource version")),
                        "retryAfterSeconds",
                        1L));
    }
}
