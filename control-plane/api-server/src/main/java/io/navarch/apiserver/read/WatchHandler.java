package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.Drain;
import io.navarch.apiserver.request.ForegroundGate;
import io.navarch.apiserver.request.ListOptions;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.http.WebSocket;
import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// WATCH: the state to begin with, then every change, in order, until the client leaves or its time is up.
public final class WatchHandler {
    private static final long BOOKMARK_MILLIS = 60_000;

    /// So long before its end a watch is told where it has come to.
    private static final long LAST_BOOKMARK_MILLIS = 2_000;

    private final ReadHandler reads;
    private final Rendering rendering;
    /// So often, and so long altogether, the process's own watches look whether somebody else is in more of a hurry.
    private static final int MANY = 256;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Drain drain;
    private final ForegroundGate foreground;
    private final InstantSource clock;
    private final RandomGenerator random;

    public WatchHandler(
            ReadHandler reads,
            Rendering rendering,
            Drain drain,
            ForegroundGate foreground,
            InstantSource clock,
            RandomGenerator random) {
        this.foreground = foreground;
        this.reads = reads;
        this.rendering = rendering;
        this.drain = drain;
        this.clock = clock;
        this.random = random;
    }

    private enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }

    public void watch(RequestContext context) throws IOException, InterruptedException {
        var call = context.call();
        var selection = context.selection();
        var cache = context.endpoint.cache();
        var options = ListOptions.of(call, true);
        boolean bookmarks = options.bookmarks();
        long after = options.revision();
        boolean initial = Boolean.TRUE.equals(options.initialEvents());
        boolean state = initial || options.initialEvents() == null && after == 0;
        if (options.version().isEmpty()) reads.awaitLatest(cache);
        else if (state && after > 0) reads.awaitRevision(cache, after);
        long timeout = options.timeoutSeconds() * 1000;
        // Without a limit of its own a watch lasts between 30 and 60 minutes, so that reconnections spread out.
        if (timeout == 0) timeout = 1_800_000 + random.nextLong(1_800_000);
        if (context.accept.yaml())
            throw new ApiException(
                    ApiException.Reason.NOT_ACCEPTABLE,
                    "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
        ObjectCache.Cursor cursor = null;
        ObjectCache.ExpiredException expired = null;
        ObjectCache.Snapshot snapshot = null;
        synchronized (cache) {
            if (state) snapshot = cache.snapshot();
            else if (after == 0) after = cache.revision();
            try {
                cursor = cache.cursor(snapshot != null ? snapshot.revision() : after, selection);
            } catch (ObjectCache.ExpiredException e) {
                expired = e;
            }
        }
        context.done = true;
        var type = context.accept.protobuf() ? Protobuf.MEDIA_TYPE + ";stream=watch" : "application/json";
        var closed = new boolean[1];
        var thread = Thread.currentThread();
        Runnable leave = () -> {
            closed[0] = true;
            thread.interrupt();
        };
        call.onClose(leave);
        try (var following = cursor;
                var sink = sink(context, type, leave)) {
            var stream = new Stream(context, selection, sink);
            if (snapshot != null) {
                stream.begin(snapshot, initial && bookmarks);
                // A watch lasts long; what there was at its start need not.
                snapshot = null;
            }
            if (expired != null) stream.expired(expired);
            else stream.follow(following, bookmarks, clock.millis() + timeout);
        } catch (IOException | InterruptedException e) {
            if (!closed[0]) throw e;
        }
    }

    /// Where events go: one call an event.
    private interface Sink extends AutoCloseable {
        void event(String type, Encoded object) throws IOException;

        void frame(byte[] bytes) throws IOException;

        @Override
        void close() throws IOException;
    }

    /// A chunked answer, or a message an event for clients that ask for a WebSocket.
    private static Sink sink(RequestContext context, String type, Runnable leave) throws IOException {
        var call = context.call();
        boolean socket = call.exchange() != null
                && call.exchange().wantsUpgrade()
                && call.header("Upgrade").equalsIgnoreCase("websocket");
        if (socket) return new Messages(call.exchange().upgrade().webSocket(""), leave);
        var out = call.start(200, context.headers(type));
        return new Sink() {
            @Override
            public void event(String type, Encoded object) throws IOException {
                call.writeEvent(out, type, object);
            }

            @Override
            public void frame(byte[] bytes) throws IOException {
                call.writeShared(out, bytes);
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    private static final class Messages implements Sink {
        private final WebSocket socket;

        Messages(WebSocket socket, Runnable leave) {
            this.socket = socket;
            // The client says nothing but goodbye.
            Thread.ofVirtual().name("watch-socket").start(() -> {
                try {
                    while (socket.receive().isPresent()) {}
                    leave.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void event(String type, Encoded object) throws IOException {
            socket.sendText(Call.event(type, object));
        }

        @Override
        public void frame(byte[] bytes) throws IOException {
            socket.send(bytes);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /// One watcher's answer.
    private final class Stream {
        private final RequestContext context;
        private final Selection selection;
        private final Sink sink;
        private boolean definitionsSent;

        Stream(RequestContext context, Selection selection, Sink sink) {
            this.context = context;
            this.selection = selection;
            this.sink = sink;
        }

        public void begin(ObjectCache.Snapshot snapshot, boolean bookmark) throws IOException, InterruptedException {
            var cache = context.endpoint.cache();
            boolean own = context.call().trusted() != null;
            var patience = PATIENCE;
            int sent = 0;
            for (var stored : snapshot.below(selection.prefix())) {
                if (own && ++sent % MANY == 0) patience = foreground.giveWay(patience);
                if (cache.readable(stored) && selection.matches(stored)) send(Type.ADDED, stored);
            }
            if (bookmark) bookmark(snapshot.revision(), true);
        }

        public void follow(ObjectCache.Cursor cursor, boolean bookmarks, long deadline)
                throws IOException, InterruptedException {
            long nextBookmark = clock.millis() + BOOKMARK_MILLIS;
            long lastBookmark = deadline - LAST_BOOKMARK_MILLIS;
            while (true) {
                long now = clock.millis();
                if (now >= deadline) return;
                long due = Math.min(nextBookmark, lastBookmark > now ? lastBookmark : deadline);
                ObjectCache.Batch batch;
                try {
                    batch = cursor.poll(
                            Math.max(1, (bookmarks ? Math.min(due, deadline) : deadline) - now), drain::begun);
                } catch (ObjectCache.ExpiredException e) {
                    expired(e);
                    return;
                }
                if (batch == null) return;
                for (var change : batch.changes()) send(change);
                boolean ends = drain.begun() && batch.changes().isEmpty();
                if (bookmarks && (ends || due < deadline && clock.millis() >= due)) {
                    bookmark(batch.revision(), false);
                    nextBookmark = clock.millis() + BOOKMARK_MILLIS;
                }
                if (ends) return;
            }
        }

        /// The client must list again.
        void expired(ObjectCache.ExpiredException cause) throws IOException {
            tree("ERROR", new ApiException(ApiException.Reason.EXPIRED, cause.getMessage()).status());
        }

        /// A change of labels or fields can bring an object into the selection or take it out.
        private void send(ObjectCache.Change change) throws IOException {
            boolean before = change.previous() != null && selection.matches(change.previous());
            boolean after = change.object() != null && selection.matches(change.object());
            if (after) send(before ? Type.MODIFIED : Type.ADDED, change.object());
            else if (before) deleted(change);
        }

        private void deleted(ObjectCache.Change change) throws IOException {
            // The last state of the object, under the revision at which it went.
            var old = change.previous();
            var tree = old.tree();
            Trees.put(tree, String.valueOf(change.revision()), "metadata", "resourceVersion");
            send(
                    Type.DELETED,
                    new StoredObject(
                            old.key(),
                            Encoded.of(Json.write(tree), View.of(tree)),
                            change.revision(),
                            old.namespace(),
                            old.name(),
                            old.selectable(),
                            new StoredObject.Derived<>()));
        }

        public void send(Type type, StoredObject stored) throws IOException {
            if (context.accept.protobuf()) {
                if (context.accept.metadataOnly()) frame(type.name(), rendering.metadata(stored.view()));
                else message(type.name(), stored);
                return;
            }
            Encoded object;
            if (context.accept.table()) {
                var metadata = Trees.map("resourceVersion", String.valueOf(stored.revision()));
                object = Encoded.of(Json.write(rendering.table(
                        List.of(rendering.tree(stored, context.endpoint)),
                        context.endpoint,
                        metadata,
                        context.call().query("includeObject"),
                        !definitionsSent)));
                definitionsSent = true;
            } else if (context.accept.metadataOnly()) {
                object = Encoded.of(Json.write(rendering.metadata(stored.view())));
            } else {
                object = rendering.encoded(stored, context.endpoint);
            }
            sink.event(type.name(), object);
        }

        void bookmark(long revision, boolean initialEnd) throws IOException {
            var endpoint = context.endpoint;
            var metadata = Trees.map("resourceVersion", String.valueOf(revision), "creationTimestamp", null);
            if (initialEnd) metadata.put("annotations", Trees.map("k8s.io/initial-events-end", "true"));
            var bookmark = context.accept.table()
                    ? rendering.table(List.of(), endpoint, metadata, "None", false)
                    : Trees.map(
                            "kind",
                                    context.accept.metadataOnly()
                                            ? "PartialObjectMetadata"
                                            : endpoint.kind().kind(),
                            "apiVersion", context.accept.metadataOnly() ? "meta.k8s.io/v1" : endpoint.apiVersion(),
                            "metadata", metadata);
            tree(Type.BOOKMARK.name(), bookmark);
        }

        private void tree(String type, Map<String, Object> object) throws IOException {
            if (context.accept.protobuf()) frame(type, object);
            else sink.event(type, Encoded.of(Json.write(object), View.of(object)));
        }

        private void message(String type, StoredObject stored) throws IOException {
            var endpoint = context.endpoint;
            var message = rendering.message(stored, endpoint, context.protobuf);
            var envelope =
                    Protobuf.envelope(endpoint.apiVersion(), endpoint.kind().kind(), message);
            sink.frame(Protobuf.frame(type, envelope));
        }

        private void frame(String type, Map<String, Object> object) throws IOException {
            sink.frame(Protobuf.frame(type, context.protobuf.encode(object)));
        }
    }
}
