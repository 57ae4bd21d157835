package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.Change;
import io.navarch.apiserver.cache.ExpiredException;
import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.apiserver.request.SlowLane;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Encodes the events of one watch in the form that its client asked for. Objects that are wanted as they are
/// stored are passed on without being encoded again.
final class WatchEvents {
    private enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK,
        ERROR
    }

    private final ResourceRequest request;
    private final Selection selection;
    private final Rendering rendering;
    private final WatchSink sink;
    /// Only the first Table of a watch defines its columns.
    private boolean definitionsSent;

    WatchEvents(ResourceRequest request, Selection selection, Rendering rendering, WatchSink sink) {
        this.request = request;
        this.selection = selection;
        this.rendering = rendering;
        this.sink = sink;
    }

    /// @param turn is interrupted while the client reads slowly
    void added(StoredObject stored, SlowLane.Turn turn) throws IOException {
        if (!sink.ready()) {
            sink.settle();
            turn.pause();
        }
        send(Type.ADDED, stored);
    }

    void changed(List<Change> changes) throws IOException {
        for (var change : request.endpoint().asks() ? shown(changes) : changes) changed(change);
    }

    /// The changes as they look in the endpoint's version, for which somebody has to be asked.
    private List<Change> shown(List<Change> changes) {
        var objects = new ArrayList<StoredObject>();
        for (var change : changes) {
            if (change.previous() != null) objects.add(change.previous());
            if (change.object() != null) objects.add(change.object());
        }
        var shown = request.endpoint().shown(objects).iterator();
        return changes.stream()
                .map(change -> new Change(
                        change.revision(),
                        change.previous() == null ? null : shown.next(),
                        change.object() == null ? null : shown.next()))
                .toList();
    }

    /// A change of labels or fields can bring an object into the selection or take it out.
    private void changed(Change change) throws IOException {
        var previous = change.previous();
        var object = change.object();
        boolean before = previous != null && selection.matches(previous);
        if (object != null && selection.matches(object)) send(before ? Type.MODIFIED : Type.ADDED, object);
        else if (previous != null && before) send(Type.DELETED, previous.deletedAt(change.revision()));
    }

    /// The client must list again.
    void expired(ExpiredException cause) throws IOException {
        send(Type.ERROR, new ApiException(ApiException.Reason.EXPIRED, String.valueOf(cause.getMessage())).status());
    }

    /// Nothing can be told any more.
    void failed(ApiException cause) throws IOException {
        send(Type.ERROR, cause.status());
    }

    /// @param initialEnd whether this ends the initial state
    void bookmark(long revision, boolean initialEnd) throws IOException {
        var endpoint = request.endpoint();
        var form = request.response().form();
        var made = ObjectMeta.builder().resourceVersion(String.valueOf(revision));
        if (initialEnd) made.putAnnotations("k8s.io/initial-events-end", "true");
        var metadata = made.map();
        if (form.table()) {
            send(Type.BOOKMARK, rendering.table(List.of(), endpoint, metadata, "None", false, form));
            return;
        }
        boolean partial = form.metadataOnly();
        send(
                Type.BOOKMARK,
                Rendering.object(
                        partial ? "PartialObjectMetadata" : endpoint.kind().kind(),
                        partial ? Rendering.META : endpoint.apiVersion(),
                        metadata));
    }

    private void send(Type type, StoredObject stored) throws IOException {
        var form = request.response().form();
        var endpoint = request.endpoint();
        if (form.protobuf()) {
            if (form.metadataOnly()) frame(type, rendering.metadata(stored.view()));
            else message(type, stored);
        } else if (form.table()) {
            sink.event(type.name(), Encoded.of(Json.write(table(stored))));
        } else if (form.metadataOnly()) {
            sink.event(type.name(), Encoded.of(Json.write(rendering.metadata(stored.view()))));
        } else {
            sink.event(type.name(), rendering.encoded(stored, endpoint));
        }
    }

    private Map<String, Object> table(StoredObject stored) {
        var table = rendering.table(
                List.of(rendering.tree(stored, request.endpoint())),
                request.endpoint(),
                Rendering.listMetadata(String.valueOf(stored.revision())),
                request.call().query("includeObject"),
                !definitionsSent,
                request.response().form());
        definitionsSent = true;
        return table;
    }

    private void send(Type type, Map<String, Object> object) throws IOException {
        if (request.response().form().protobuf()) frame(type, object);
        else sink.event(type.name(), Encoded.of(Json.write(object), View.of(object)));
    }

    private void message(Type type, StoredObject stored) throws IOException {
        var endpoint = request.endpoint();
        var message = rendering.message(stored, endpoint, request.response().protobuf());
        var envelope = Protobuf.envelope(endpoint.apiVersion(), endpoint.kind().kind(), message);
        sink.frame(Protobuf.frame(type.name(), envelope));
    }

    private void frame(Type type, Map<String, Object> object) throws IOException {
        sink.frame(Protobuf.frame(type.name(), request.response().protobuf().encode(object)));
    }
}
