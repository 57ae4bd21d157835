package io.navarch.ingress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a request asks for, in the one form that is both routed and passed on: whoever writes a path in another way
/// gets to the same place, not past the routes.
///
/// Source: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
///
/// @param path what routes are found by, decoded but for encoded slashes
/// @param loose the path as the most forgiving server would read it: encoded slashes are slashes and what follows a
///     semicolon is no part of a name. Must lead to the same route.
/// @param uri what is passed on
record RequestTarget(String path, String loose, String uri) {
    private static final String UNRESERVED = "-._~";

    /// Empty for a request line that is refused: one that leads above the root or hides dots there, or has characters
    /// that no address has.
    static Optional<RequestTarget> of(String sent) {
        if (!sent.startsWith("/")) return Optional.empty();
        int mark = sent.indexOf('?');
        var escaped = escapes(mark < 0 ? sent : sent.substring(0, mark), true);
        var query = mark < 0 ? Optional.of("") : escapes(sent.substring(mark), false);
        if (escaped.isEmpty() || query.isEmpty()) return Optional.empty();
        var plain = withoutDots(Arrays.asList(escaped.get().split("/", -1)));
        if (plain.isEmpty()) return Optional.empty();
        var path = plain.get();
        var segments = new ArrayList<String>();
        for (var segment : decoded(path, true).replace('\\', '/').split("/", -1)) {
            int semicolon = segment.indexOf(';');
            segments.add(semicolon < 0 ? segment : segment.substring(0, semicolon));
        }
        // Dots among these are there to be seen by one server and not by another.
        if (segments.contains(".") || segments.contains("..")) return Optional.empty();
        return withoutDots(segments).map(loose -> new RequestTarget(decoded(path, false), loose, path + query.get()));
    }

    /// Escapes in capital letters, and only where they are needed.
    private static Optional<String> escapes(String text, boolean path) {
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#' || c > 0xff || path && c == '\\') return Optional.empty();
            // The bytes of a request are its characters.
            if (c >= 0x80) result.append(escape(c));
            else if (c != '%' || !path) result.append(c);
            else {
                int code = i + 2 < text.length() ? code(text.substring(i + 1, i + 3)) : -1;
                if (code < ' ' || code == 0x7f) return Optional.empty();
                if (unreserved(code)) result.append((char) code);
                else result.append(escape(code));
                i += 2;
            }
        }
        return Optional.of(result.toString());
    }

    private static String escape(int code) {
        return String.format(Locale.ROOT, "%%%02X", code);
    }

    private static int code(String hex) {
        return hex.matches("[0-9A-Fa-f]{2}") ? Integer.parseInt(hex, 16) : -1;
    }

    private static boolean unreserved(int code) {
        return code >= '0' && code <= '9'
                || code >= 'A' && code <= 'Z'
                || code >= 'a' && code <= 'z'
                || UNRESERVED.indexOf(code) >= 0;
    }

    private static Optional<String> withoutDots(List<String> segments) {
        var kept = new ArrayList<String>();
        for (var segment : segments) {
            if (segment.isEmpty() || segment.equals(".")) continue;
            if (!segment.equals("..")) kept.add(segment);
            else if (kept.isEmpty()) return Optional.empty();
            else kept.removeLast();
        }
        boolean directory = List.of("", ".", "..").contains(segments.getLast());
        return Optional.of("/" + String.join("/", kept) + (directory && !kept.isEmpty() ? "/" : ""));
    }

    /// @param slashes whether encoded slashes are decoded too
    private static String decoded(String path, boolean slashes) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int code = c == '%' ? code(path.substring(i + 1, i + 3)) : c;
            boolean kept = c != '%' || !slashes && (code == '/' || code == '\\');
            bytes.write(kept ? c : code);
            if (!kept) i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
