package io.navarch.apiserver;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.Protobuf;
import io.navarch.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// GET and LIST, answered from encoded objects.
final class ReadPath {
    private static final byte[] COMMA = {','};
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);
    private static final long WAIT_MILLIS = 3000;

    private final Storage storage;
    private final Rendering rendering;

    ReadPath(Storage storage, Rendering rendering) {
        this.storage = storage;
        this.rendering = rendering;
    }

    /// The object as of now, or 404.
    Stored require(RequestContext context, String name) throws InterruptedException {
        var endpoint = context.endpoint;
        awaitLatest(endpoint.cache());
        var stored = endpoint.cache().get(endpoint.key(context.info.namespace(), name));
        if (stored == null) throw endpoint.notFound(name);
        return stored;
    }

    void awaitLatest(ObjectCache cache) throws InterruptedException {
        if (!cache.await(storage.store().revision(), WAIT_MILLIS)) {
            throw new ApiException(ApiException.Reason.TIMEOUT, "the watch cache is behind the store");
        }
    }

    void get(RequestContext context) throws IOException, InterruptedException {
        var stored = require(context, context.info.name());
        respond(context, 200, stored);
    }

    void respond(RequestContext context, int status, Stored stored) throws IOException {
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

    /// What a list answers: objects, their revision, and where it goes on.
    private record Page(long revision, List<Stored> objects, String next, long remaining) {}

    void list(RequestContext context) throws IOException, InterruptedException {
        var selection = Selection.of(context);
        respond(context, selection, page(context, selection));
    }

    /// A list of objects that are not stored.
    void respondAll(RequestContext context, List<Stored> objects) throws IOException {
        respond(context, Selection.of(context), new Page(storage.store().revision(), objects, null, 0));
    }

    private void respond(RequestContext context, Selection selection, Page page) throws IOException {
        var endpoint = context.endpoint;
        var metadata = Trees.map(
                "resourceVersion",
                String.valueOf(page.revision),
                "continue",
                page.next,
                "remainingItemCount",
                page.remaining > 0 && selection.everything() ? page.remaining : null);
        if (context.accept.table()) {
            var trees = page.objects.stream()
                    .map(stored -> rendering.tree(stored, endpoint))
                    .toList();
            context.respond(
                    200,
                    rendering.table(trees, endpoint, metadata, context.call().query("includeObject"), true));
            return;
        }
        if (context.accept.protobuf()) {
            messages(context, page, metadata);
            return;
        }
        if (context.accept.metadataOnly()) {
            var items = new ArrayList<Object>();
            for (var stored : page.objects) items.add(rendering.metadata(stored.view()));
            context.respond(
                    200,
                    Trees.map(
                            "kind",
                            "PartialObjectMetadataList",
                            "apiVersion",
                            "meta.k8s.io/v1",
                            "metadata",
                            metadata,
                            "items",
                            items));
            return;
        }
        if (context.accept.yaml()) {
            var items = new ArrayList<Object>();
            for (var stored : page.objects) items.add(rendering.tree(stored, endpoint));
            context.respond(
                    200,
                    Trees.map(
                            "kind",
                            endpoint.kind().listKind(),
                            "apiVersion",
                            endpoint.apiVersion(),
                            "metadata",
                            metadata,
                            "items",
                            items));
            return;
        }
        stream(context, page, metadata);
    }

    /// A list's message is made of its elements' messages, so it can be sent part by part once their size is known.
    private void messages(RequestContext context, Page page, Map<String, Object> metadata) throws IOException {
        var endpoint = context.endpoint;
        var protobuf = context.protobuf;
        boolean partial = context.accept.metadataOnly();
        var apiVersion = partial ? "meta.k8s.io/v1" : endpoint.apiVersion();
        var kind = partial ? "PartialObjectMetadata" : endpoint.kind().kind();
        var parts = new byte[page.objects.size() + 2][];
        var head = protobuf.listMetadata(metadata);
        IntStream.range(0, page.objects.size()).parallel().forEach(i -> {
            var stored = page.objects.get(i);
            parts[i + 1] = partial
                    ? protobuf.message(apiVersion, kind, rendering.metadata(stored.view()))
                    : rendering.message(stored, endpoint, protobuf);
        });
        long length = head.length;
        for (int i = 1; i <= page.objects.size(); i++) length += Protobuf.elementSize(parts[i]);
        var list = partial ? "PartialObjectMetadataList" : endpoint.kind().listKind();
        parts[0] = join(Protobuf.head(apiVersion, list, length), head);
        parts[parts.length - 1] = Protobuf.tail();
        context.done = true;
        try (var out = context.call().start(200, context.headers(Protobuf.MEDIA_TYPE))) {
            var batch = new ArrayList<byte[]>();
            int size = 0;
            for (int i = 0; i < parts.length; i++) {
                if (i > 0 && i < parts.length - 1) batch.add(Protobuf.elementHead(parts[i]));
                batch.add(parts[i]);
                size += parts[i].length;
                if (size < 64 << 10 && i < parts.length - 1) continue;
                context.call().writeShared(out, batch.toArray(byte[][]::new));
                batch.clear();
                size = 0;
            }
        }
    }

    /// Concatenates what is already encoded; nothing is built in memory whatever the size.
    private void stream(RequestContext context, Page page, Map<String, Object> metadata) throws IOException {
        var endpoint = context.endpoint;
        var head = "{\"kind\":\"" + endpoint.kind().listKind() + "\",\"apiVersion\":\"" + endpoint.apiVersion()
                + "\",\"metadata\":" + Json.writeString(metadata) + ",\"items\":[";
        context.done = true;
        try (var out = context.call().start(200, context.headers("application/json"))) {
            var parts = new ArrayList<byte[]>();
            parts.add(head.getBytes(StandardCharsets.UTF_8));
            int size = 0;
            boolean first = true;
            for (var stored : page.objects) {
                if (!first) parts.add(COMMA);
                first = false;
                var json = rendering.json(stored, endpoint);
                parts.add(json);
                size += json.length;
                if (size > 64 << 10) {
                    context.call().writeShared(out, parts.toArray(byte[][]::new));
                    parts.clear();
                    size = 0;
                }
            }
            parts.add(END);
            context.call().writeShared(out, parts.toArray(byte[][]::new));
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        var result = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, result, first.length, second.length);
        return result;
    }

    private Page page(RequestContext context, Selection selection) throws InterruptedException {
        var call = context.call();
        var cache = context.endpoint.cache();
        int limit = (int) number(call.query("limit"), "limit");
        var token = call.query("continue");
        var version = call.query("resourceVersion");
        var match = call.query("resourceVersionMatch");
        if (!token.isEmpty()) {
            if (!version.isEmpty() && !version.equals("0")) {
                throw ApiException.badRequest("specifying resource version is not allowed when using continue");
            }
            return fromStore(context, selection, ContinueToken.decode(token), limit);
        }
        if (!match.isEmpty() && version.isEmpty()) {
            throw ApiException.badRequest("resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (match.equals("Exact")) {
            return fromStore(context, selection, new ContinueToken(number(version, "resourceVersion"), ""), limit);
        }
        if (version.isEmpty()) awaitLatest(cache);
        else awaitRevision(cache, number(version, "resourceVersion"));
        var snapshot = cache.snapshot(selection.prefix());
        var matching = new ArrayList<Stored>();
        for (var stored : snapshot.objects()) if (selection.matches(stored)) matching.add(stored);
        if (limit <= 0 || matching.size() <= limit) return new Page(snapshot.revision(), matching, null, 0);
        var page = matching.subList(0, limit);
        var next = new ContinueToken(snapshot.revision(), page.getLast().key() + "\0").encode();
        return new Page(snapshot.revision(), page, next, matching.size() - limit);
    }

    /// The rest of a list, as it stood at the revision of its first page.
    private Page fromStore(RequestContext context, Selection selection, ContinueToken token, int limit) {
        var kind = context.endpoint.cache().kind();
        var start = token.start().isEmpty() ? selection.prefix() : token.start();
        if (!start.startsWith(selection.prefix()))
            throw ApiException.badRequest("continue key is not valid: invalid start key");
        try {
            var result = new ArrayList<Stored>();
            long remaining = 0;
            var range = storage.store().range(start, Store.prefixEnd(selection.prefix()), token.revision(), 0);
            for (var entry : range.entries()) {
                var stored = Stored.of(entry.key(), entry.value(), entry.modRevision(), kind);
                if (!selection.matches(stored)) continue;
                if (limit > 0 && result.size() == limit) remaining++;
                else result.add(stored);
            }
            var next = remaining == 0
                    ? null
                    : new ContinueToken(token.revision(), result.getLast().key() + "\0").encode();
            return new Page(token.revision(), result, next, remaining);
        } catch (Store.CompactedException e) {
            throw new ApiException(
                    ApiException.Reason.EXPIRED,
                    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }
    }

    void awaitRevision(ObjectCache cache, long wanted) throws InterruptedException {
        if (cache.await(wanted, WAIT_MILLIS)) return;
        throw new ApiException(
                ApiException.Reason.TIMEOUT,
                "Too large resource version: " + wanted + ", current: " + cache.revision(),
                Trees.map(
                        "causes",
                        List.of(Trees.map(
                                "reason", "ResourceVersionTooLarge", "message", "Too large resource version")),
                        "retryAfterSeconds",
                        1L));
    }

    static long number(String text, String what) {
        if (text.isEmpty()) return 0;
        try {
            long number = Long.parseLong(text);
            if (number >= 0) return number;
        } catch (NumberFormatException e) {
            // The same answer as for a negative number.
        }
        throw ApiException.badRequest("Invalid value: \"" + text + "\": invalid " + what);
    }

    /// Where a list goes on: opaque to clients.
    record ContinueToken(long revision, String start) {
        String encode() {
            var json = Json.write(Trees.map("v", "meta.k8s.io/v1", "rv", revision, "start", start));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
        }

        static ContinueToken decode(String token) {
            try {
                var tree = View.of(Json.parse(Base64.getUrlDecoder().decode(token)));
                if (tree.get("v").string().equals("meta.k8s.io/v1")
                        && tree.get("rv").longOr(0) > 0) {
                    return new ContinueToken(
                            tree.get("rv").longOr(0), tree.get("start").string());
                }
            } catch (IllegalArgumentException | Json.MalformedException e) {
                // Forged or damaged: the same answer.
            }
            throw ApiException.badRequest("continue key is not valid");
        }
    }
}
