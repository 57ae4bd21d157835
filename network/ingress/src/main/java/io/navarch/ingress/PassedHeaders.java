package io.navarch.ingress;

import io.navarch.http.HeaderNames;
import io.navarch.http.HopByHop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What of a message's headers is passed on: not what belongs to one connection only, and nothing about the client
/// that the client says itself.
final class PassedHeaders {
    private static final String X_REAL_IP = "X-Real-IP";
    private static final String FORWARDED = "Forwarded";
    private static final String WEBSOCKET = "websocket";

    private PassedHeaders() {}

    /// Where a request came from.
    record Origin(RequestHost host, String scheme, String address, int port) {}

    /// @param webSocket whether the connection is to become a WebSocket
    /// @param body whether a body follows
    static List<Map.Entry<String, String>> request(
            List<Map.Entry<String, String>> headers, Origin origin, boolean webSocket, boolean body) {
        var result = new ArrayList<Map.Entry<String, String>>();
        result.add(Map.entry(HeaderNames.HOST, origin.host.text()));
        for (var header : HopByHop.without(headers)) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            boolean length = name.equals("content-length") && !body;
            if (!length && !name.equals("host") && !ours(name)) result.add(header);
        }
        if (webSocket) {
            result.add(Map.entry(HeaderNames.CONNECTION, HeaderNames.UPGRADE));
            result.add(Map.entry(HeaderNames.UPGRADE, WEBSOCKET));
        }
        result.add(Map.entry(HeaderNames.X_FORWARDED_FOR, origin.address));
        result.add(Map.entry(HeaderNames.X_FORWARDED_HOST, origin.host.name()));
        result.add(Map.entry(HeaderNames.X_FORWARDED_PROTO, origin.scheme));
        result.add(Map.entry("X-Forwarded-Port", String.valueOf(origin.port)));
        result.add(Map.entry(X_REAL_IP, origin.address));
        var node = origin.address.contains(":") ? "\"[" + origin.address + "]\"" : origin.address;
        var host = origin.host.text().matches("[a-z0-9._-]+") ? origin.host.text() : '"' + origin.host.text() + '"';
        result.add(Map.entry(FORWARDED, "for=" + node + ";host=" + host + ";proto=" + origin.scheme));
        return result;
    }

    static List<Map.Entry<String, String>> response(List<Map.Entry<String, String>> headers) {
        return HopByHop.without(headers);
    }

    /// What only we say of a client. Many applications read `_` as `-`.
    private static boolean ours(String name) {
        var read = name.replace('_', '-');
        return read.startsWith("x-forwarded-")
                || read.equals("x-forwarded")
                || read.equals("x-real-ip")
                || read.equals("forwarded")
                // Programs of old take it for the proxy that they themselves are to use.
                || read.equals("proxy")
                || name.startsWith(":")
                || name.startsWith("x-http2-");
    }

    /// Whether a body follows the request's headers.
    static boolean body(List<Map.Entry<String, String>> headers) {
        return headers.stream()
                .anyMatch(header -> header.getKey().equalsIgnoreCase(HeaderNames.TRANSFER_ENCODING)
                        || header.getKey().equalsIgnoreCase(HeaderNames.CONTENT_LENGTH)
                                && !header.getValue().equals("0"));
    }

    /// Whether this asks for a WebSocket, the only protocol that a connection may go over to.
    static boolean webSocket(String method, List<Map.Entry<String, String>> headers) {
        var upgrades = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(HeaderNames.UPGRADE))
                .map(Map.Entry::getValue)
                .toList();
        return method.equals("GET")
                && !body(headers)
                && upgrades.size() == 1
                && upgrades.getFirst().strip().equalsIgnoreCase(WEBSOCKET);
    }
}
