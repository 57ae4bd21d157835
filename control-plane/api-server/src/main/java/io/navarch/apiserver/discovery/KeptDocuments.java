package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.HeaderNames;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;

/// Documents made from one set of kinds, each of them once, however many ask at the same time.
final class KeptDocuments {
    private final long generation;
    /// Guarded by the monitor.
    private final Map<String, Kept> byName = new HashMap<>();

    KeptDocuments(long generation) {
        this.generation = generation;
    }

    /// Which set of kinds they were made from.
    long generation() {
        return generation;
    }

    synchronized Kept of(String name, Function<String, byte[]> maker) {
        var known = byName.get(name);
        if (known != null) return known;
        var made = Kept.of(maker.apply(name));
        byName.put(name, made);
        return made;
    }

    /// A document, and its hash, by which clients compare.
    record Kept(byte[] bytes, String hash) {
        static Kept of(byte[] bytes) {
            try {
                var digest = MessageDigest.getInstance("SHA-512").digest(bytes);
                return new Kept(bytes, HexFormat.of().withUpperCase().formatHex(digest));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void respond(ApiRequest request, String type) throws IOException {
            var headers = request.response().headers(type);
            var tag = "\"" + hash + "\"";
            headers.put(HeaderNames.ETAG, tag);
            headers.put(HeaderNames.VARY, HeaderNames.ACCEPT);
            // A document that is asked for by its hash never changes.
            if (request.call().query("hash").equals(hash)) headers.put(HeaderNames.CACHE_CONTROL, "public, immutable");
            boolean known = request.call().header(HeaderNames.IF_NONE_MATCH).equals(tag);
            request.response().send(known ? 304 : 200, headers, known ? new byte[0] : bytes);
        }
    }
}
