package io.navarch.apiserver.proxy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where an answer's `Location` leads, for a client that knows the way through this server only: otherwise a pod could
/// send its callers to any path of the API.
///
/// @param prefix the path in front of what was passed on
/// @param target host and port that were called
/// @param asked the host that the client called
record Redirect(String prefix, String target, String asked) {
    /// Source: https://www.rfc-editor.org/rfc/rfc3986#appendix-B
    private static final Pattern PARTS =
            Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\\?[^#]*)?(#.*)?", Pattern.DOTALL);

    String behind(String location) {
        var parts = PARTS.matcher(location);
        if (!parts.matches()) return location;
        var host = text(parts.group(2));
        var path = parts.group(3);
        boolean elsewhere = !host.isEmpty() && !host.equals(target) && !host.equals(asked);
        if (elsewhere || !path.startsWith("/")) return location;
        boolean kept = host.equals(asked) && !host.isEmpty();
        var before = kept ? (parts.group(1) == null ? "" : parts.group(1) + ":") + "//" + host : "";
        return before + below(path) + text(parts.group(4)) + text(parts.group(5));
    }

    /// Steps upwards are taken before the prefix comes in front, so that none of them leaves it.
    private String below(String path) {
        var plain = Path.of(path).normalize().toString();
        var kept = path.endsWith("/") && !plain.endsWith("/") ? plain + "/" : plain;
        return kept.startsWith(prefix) ? kept : prefix + kept;
    }

    private static String text(@Nullable String part) {
        return Objects.requireNonNullElse(part, "");
    }
}
