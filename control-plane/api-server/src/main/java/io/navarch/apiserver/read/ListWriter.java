package io.navarch.apiserver.read;

import io.navarch.apiserver.cache.Selection;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Writes lists in the form that the client asked for, object by object: what is in memory at a time does not depend
/// on how long the list is.
final class ListWriter {
    private static final byte[] COMMA = {','};
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final int BATCH = 64 << 10;

    /// Shorter answers are not worth the time of compressing them.
    static final int COMPRESSED_FROM = 128 << 10;

    private final Rendering rendering;

    ListWriter(Rendering rendering) {
        this.rendering = rendering;
    }

    public void write(RequestContext context, Selection selection, Listing.Page page) throws IOException {
        var metadata = Trees.map(
                "resourceVersion",
                String.valueOf(page.revision()),
                "continue",
                page.next(),
                "remainingItemCount",
                page.remaining());
        var endpoint = context.endpoint;
        var accept = context.accept;
        if (accept.table()) {
            var include = context.call().query("includeObject");
            var columns = rendering.columns(endpoint);
            json(
                    context,
                    "\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\"",
                    metadata,
                    "\"columnDefinitions\":" + Json.writeString(rendering.headers(columns)) + ",\"rows\"",
                    page.objects(),
                    stored -> Json.write(rendering.row(View.of(rendering.tree(stored, endpoint)), columns, include)));
        } else if (accept.protobuf()) {
            messages(context, page, metadata);
        } else if (accept.yaml()) {
            yaml(context, page, metadata);
        } else if (accept.metadataOnly()) {
            json(
                    context,
                    "\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\"",
                    metadata,
                    "\"items\"",
                    page.objects(),
                    stored -> Json.write(rendering.metadata(stored.view())));
        } else {
            json(
                    context,
                    "\"kind\":\"" + endpoint.kind().listKind() + "\",\"apiVersion\":\"" + endpoint.apiVersion() + "\"",
                    metadata,
                    "\"items\"",
                    page.objects(),
                    stored -> rendering.json(stored, endpoint));
        }
    }

    private static void json(
            RequestContext context,
            String type,
            Map<String, Object> metadata,
            String items,
            Iterable<StoredObject> objects,
            Function<StoredObject, byte[]> encoder)
            throws IOException {
        var head = "{" + type + ",\"metadata\":" + Json.writeString(metadata) + "," + items + ":[";
        try (var sink = new Sink(context, "application/json")) {
            sink.add(head.getBytes(StandardCharsets.UTF_8));
            boolean first = true;
            for (var stored : objects) {
                if (!first) sink.add(COMMA);
                first = false;
                sink.add(encoder.apply(stored));
            }
            sink.add(END);
            sink.end();
        }
    }

    /// A list's message is made of its elements' messages, so it can be sent part by part once their size is known.
    private void messages(RequestContext context, Listing.Page page, Map<String, Object> metadata) throws IOException {
        var endpoint = context.endpoint;
        var protobuf = context.protobuf;
        boolean partial = context.accept.metadataOnly();
        var apiVersion = partial ? "meta.k8s.io/v1" : endpoint.apiVersion();
        var objects = new ArrayList<StoredObject>();
        page.objects().forEach(objects::add);
        Function<StoredObject, byte[]> encoder = partial
                ? stored -> protobuf.message(apiVersion, "PartialObjectMetadata", rendering.metadata(stored.view()))
                : stored -> rendering.message(stored, endpoint, protobuf);
        var head = protobuf.listMetadata(metadata);
        long length = head.length
                + IntStream.range(0, objects.size())
                        .parallel()
                        .mapToLong(i -> Protobuf.elementSize(encoder.apply(objects.get(i))))
                        .sum();
        var list = partial ? "PartialObjectMetadataList" : endpoint.kind().listKind();
        try (var sink = new Sink(context, Protobuf.MEDIA_TYPE)) {
            sink.add(Protobuf.head(apiVersion, list, length));
            sink.add(head);
            for (var stored : objects) {
                var message = encoder.apply(stored);
                sink.add(Protobuf.elementHead(message));
                sink.add(message);
            }
            sink.add(Protobuf.tail());
            sink.end();
        }
    }

    private void yaml(RequestContext context, Listing.Page page, Map<String, Object> metadata) throws IOException {
        boolean partial = context.accept.metadataOnly();
        var items = new ArrayList<Object>();
        for (var stored : page.objects()) {
            items.add(partial ? rendering.metadata(stored.view()) : rendering.tree(stored, context.endpoint));
        }
        context.respond(
                200,
                Trees.map(
                        "kind",
                        partial
                                ? "PartialObjectMetadataList"
                                : context.endpoint.kind().listKind(),
                        "apiVersion",
                        partial ? "meta.k8s.io/v1" : context.endpoint.apiVersion(),
                        "metadata",
                        metadata,
                        "items",
                        items));
    }

    /// Gathers parts into larger writes; an answer that turns out to be long is compressed where the client can read
    /// that.
    private static final class Sink implements AutoCloseable {
        private final RequestContext context;
        private final String type;
        private final boolean compressible;
        private final List<byte[]> parts = new ArrayList<>();
        private OutputStream out;
        private GZIPOutputStream zipped;
        private int size;
        private boolean ended;

        Sink(RequestContext context, String type) {
            this.context = context;
            this.type = type;
            this.compressible = context.takesGzip();
        }

        public void add(byte[] part) throws IOException {
            parts.add(part);
            size += part.length;
            if (size >= (out == null && compressible ? COMPRESSED_FROM : BATCH)) flush();
        }

        private void flush() throws IOException {
            if (out == null) start(size >= COMPRESSED_FROM && compressible);
            if (zipped == null) context.call().writeShared(out, parts.toArray(byte[][]::new));
            else for (var part : parts) zipped.write(part);
            parts.clear();
            size = 0;
        }

        private void start(boolean compress) throws IOException {
            context.done = true;
            var headers = context.headers(type);
            if (compress) {
                headers.put("Content-Encoding", "gzip");
                headers.put("Vary", "Accept-Encoding");
            }
            out = context.call().start(200, headers);
            if (compress) {
                zipped = new GZIPOutputStream(out, BATCH) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                };
            }
        }

        public void end() throws IOException {
            flush();
            if (zipped != null) zipped.close();
            out.close();
            ended = true;
        }

        /// An answer that failed on its way is left without an end, so that nobody takes it for whole.
        @Override
        public void close() {
            if (!ended && out != null && context.call().exchange() != null)
                context.call().exchange().abort();
        }
    }
}
