package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.HeaderNames;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A document, in parts that others may share, and its hash, by which clients compare.
public record Published(List<byte[]> parts, String hash) {
    public static Published of(byte[] bytes) {
        return new Published(List.of(bytes), hex(digest(List.of(bytes))));
    }

    static byte[] digest(List<byte[]> parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-512");
            parts.forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().withUpperCase().formatHex(digest);
    }

    public void respond(ApiRequest request, String type) throws IOException {
        var response = request.response();
        var headers = response.headers(type);
        var tag = "\"" + hash + "\"";
        headers.put(HeaderNames.ETAG, tag);
        headers.put(HeaderNames.VARY, HeaderNames.ACCEPT);
        // A document that is asked for by its hash never changes.
        if (request.call().query("hash").equals(hash)) headers.put(HeaderNames.CACHE_CONTROL, "public, immutable");
        if (request.call().header(HeaderNames.IF_NONE_MATCH).equals(tag)) response.send(304, headers, new byte[0]);
        else if (parts.size() == 1) response.send(200, headers, parts.getFirst());
        else {
            var out = response.start(200, headers);
            for (var part : parts) request.call().writeShared(out, part);
            out.close();
        }
    }
}
