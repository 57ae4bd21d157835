package io.navarch.http;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Headers that are between two neighbours, which a proxy does not pass on.
///
/// Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
public final class HopByHop {
    private static final Set<String> NAMES = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect");

    /// These say what the message is, whatever the connection is said to be.
    private static final Set<String> OF_THE_MESSAGE =
            Set.of("host", "content-length", "content-type", "authorization", "cookie");

    private HopByHop() {}

    /// The headers that belong to the message, in their order and as often as they were sent.
    public static List<Map.Entry<String, String>> without(Collection<Map.Entry<String, String>> headers) {
        var dropped = new HashSet<>(NAMES);
        for (var header : headers) {
            if (!header.getKey().equalsIgnoreCase(HeaderNames.CONNECTION)) continue;
            for (var name : header.getValue().split(",", -1))
                dropped.add(name.strip().toLowerCase(Locale.ROOT));
        }
        dropped.removeAll(OF_THE_MESSAGE);
        return headers.stream()
                .filter(header -> !dropped.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .toList();
    }
}
