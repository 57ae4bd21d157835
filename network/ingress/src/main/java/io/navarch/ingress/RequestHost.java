package io.navarch.ingress;

import io.navarch.http.HeaderNames;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The one host that a request is for.
///
/// @param name in small letters, without a port
/// @param port as it was sent, `""` or with its colon
record RequestHost(String name, String port) {
    private static final int LONGEST = 253 + ":65535".length();
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+])\\.?(:[0-9]{1,5})?");

    /// Empty when there is none, more than one, or something that is no host, such as one with a user before it.
    static Optional<RequestHost> of(List<Map.Entry<String, String>> headers) {
        var sent = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(HeaderNames.HOST))
                .map(Map.Entry::getValue)
                .toList();
        if (sent.size() != 1 || sent.getFirst().length() > LONGEST) return Optional.empty();
        var matcher = FORM.matcher(sent.getFirst());
        if (!matcher.matches()) return Optional.empty();
        var port = matcher.group(2);
        return Optional.of(new RequestHost(matcher.group(1).toLowerCase(Locale.ROOT), port == null ? "" : port));
    }

    String text() {
        return name + port;
    }

    /// Whether the connection was made for another host: its certificate, and what it may be shared with, are not
    /// this one's.
    ///
    /// @param serverName from the TLS handshake, `""` when none was sent
    boolean misdirected(String serverName) {
        return !serverName.isEmpty() && !serverName.equalsIgnoreCase(name);
    }
}
