package io.navarch.apiserver.write;

import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.read.Rendering;
import io.navarch.apiserver.registry.CurrentObjects;
import io.navarch.apiserver.request.ResourceHandler;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.objects.ApiException;
import io.navarch.schema.subresource.DeleteOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// DELETE of all objects that a selection matches.
public final class DeleteCollectionHandler implements ResourceHandler {
    private final CurrentObjects objects;
    private final Deletion deletion;
    private final Rendering rendering;

    public DeleteCollectionHandler(CurrentObjects objects, Deletion deletion, Rendering rendering) {
        this.objects = objects;
        this.deletion = deletion;
        this.rendering = rendering;
    }

    @Override
    public void serve(ResourceRequest request) throws IOException, InterruptedException {
        var options = DeleteHandler.options(request);
        var endpoint = request.endpoint();
        var items = deleteAll(request, options);
        request.response()
                .send(
                        200,
                        Rendering.list(
                                endpoint.kind().listKind(),
                                endpoint.apiVersion(),
                                Rendering.listMetadata(
                                        String.valueOf(endpoint.cache().revision())),
                                items));
    }

    /// Deletes side by side, so that the store makes many deletions durable with one fsync.
    private List<Object> deleteAll(ResourceRequest request, DeleteOptions options) throws InterruptedException {
        var cache = request.endpoint().cache();
        var selection = request.selection();
        objects.awaitLatest(cache);
        var deletions = new ArrayList<Future<Optional<StoredObject>>>();
        var items = new ArrayList<Object>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var stored : selected(request, selection))
                deletions.add(threads.submit(() -> delete(request, stored, options)));
            for (var each : deletions) {
                each.get().ifPresent(was -> items.add(rendering.itemTree(was, request.endpoint())));
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ApiException cause ? cause : new IllegalStateException(e.getCause());
        }
        return items;
    }

    private static Iterable<StoredObject> selected(ResourceRequest request, Selection selection) {
        var selected = new ArrayList<StoredObject>();
        request.endpoint().cache().snapshot().below(selection.prefix()).forEach(selected::add);
        if (selection.everything()) return selected;
        return request.endpoint().shown(selected).stream()
                .filter(selection::matches)
                .toList();
    }

    /// The object as it was before; empty when somebody else was faster.
    private Optional<StoredObject> delete(ResourceRequest request, StoredObject stored, DeleteOptions options)
            throws InterruptedException {
        try {
            deletion.delete(request, stored.namespace(), stored.name(), options);
            return Optional.of(stored);
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND) return Optional.empty();
            throw e;
        }
    }
}
