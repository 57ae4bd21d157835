package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.GoText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// A URL, taken apart as Go does it.
///
/// @param path as it is escaped
record Url(String text, String scheme, String host, String path, String query) implements Opaque {
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /// What a parameter takes beside the signs it is made of.
    private static final int OF_A_PARAMETER = 10;

    static final Map<String, Function> FUNCTIONS = Map.of(
            "url", (a, budget) -> a[0] instanceof String text ? parse(text) : null,
            "isURL", (a, budget) -> a[0] instanceof String text ? (Object) (parse(text) instanceof Url) : null,
            "getScheme", (a, budget) -> a[0] instanceof Url url ? url.scheme : null,
            "getHost", (a, budget) -> a[0] instanceof Url url ? url.host : null,
            "getHostname", (a, budget) -> a[0] instanceof Url url ? url.hostname() : null,
            "getPort", (a, budget) -> a[0] instanceof Url url ? url.port() : null,
            "getEscapedPath", (a, budget) -> a[0] instanceof Url url ? url.path : null,
            "getQuery", (a, budget) -> a[0] instanceof Url url ? url.parameters(budget) : null);

    /// @return a URL or a failure
    static Object parse(String text) {
        try {
            return parsed(text);
        } catch (Wrong e) {
            return e.failure("URL parse error during conversion from string: ");
        }
    }

    /// What is wrong with a URL, or `""`.
    static String wrong(String text) {
        try {
            parsed(text);
            return "";
        } catch (Wrong e) {
            return e.reason();
        }
    }

    private static Wrong wrong(String text, String reason) {
        return wrong(text, () -> reason);
    }

    private static Wrong wrong(String text, Supplier<String> reason) {
        return new Wrong(() -> "parse " + GoText.quoted(text) + ": " + reason.get());
    }

    private static Url parsed(String text) {
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f)
                throw wrong(text, "net/url: invalid control character in URL");
        if (text.isEmpty()) throw wrong(text, "empty url");
        int colon = text.indexOf(':');
        var scheme = "";
        var rest = text;
        if (colon == 0) throw wrong(text, "missing protocol scheme");
        if (colon > 0 && letter(text.charAt(0)) && other(text, 0, colon, Url::inScheme) == colon) {
            scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
            rest = text.substring(colon + 1);
        }
        int fragment = rest.indexOf('#');
        if (fragment >= 0) rest = rest.substring(0, fragment);
        int mark = rest.indexOf('?');
        var query = mark < 0 ? "" : rest.substring(mark + 1);
        if (mark >= 0) rest = rest.substring(0, mark);
        if (!rest.startsWith("/")) {
            if (scheme.isEmpty()) throw wrong(text, "invalid URI for request");
            return new Url(text, scheme, "", "", query);
        }
        var host = "";
        if (rest.startsWith("//") && !scheme.isEmpty()) {
            int end = rest.indexOf('/', 2);
            host = host(text, rest.substring(2, end < 0 ? rest.length() : end));
            rest = end < 0 ? "" : rest.substring(end);
        }
        int escape = wrongEscape(rest);
        if (escape >= 0) {
            var begun = rest.substring(escape, Math.min(rest.length(), escape + 3));
            throw wrong(text, () -> "invalid URL escape " + GoText.quoted(begun));
        }
        return new Url(text, scheme, host, escaped(rest), query);
    }

    /// Where a percent sign is that two digits do not follow, or -1.
    private static int wrongEscape(String text) {
        int at = text.indexOf('%');
        while (at >= 0) {
            boolean fits = at + 2 < text.length()
                    && HexFormat.isHexDigit(text.charAt(at + 1))
                    && HexFormat.isHexDigit(text.charAt(at + 2));
            if (!fits) return at;
            at = text.indexOf('%', at + 3);
        }
        return -1;
    }

    private static String host(String text, String authority) {
        int at = authority.lastIndexOf('@');
        var host = authority.substring(at + 1);
        if (other(authority, 0, Math.max(0, at), Url::inUser) < at) throw wrong(text, "net/url: invalid userinfo");
        if (host.startsWith("[")) {
            int close = host.lastIndexOf(']');
            if (close < 0) throw wrong(text, "missing ']' in host");
            port(text, host.substring(close + 1));
            return host;
        }
        int colon = host.lastIndexOf(':');
        if (colon >= 0) port(text, host.substring(colon));
        int wrong = other(host, 0, host.length(), Url::inHost);
        if (wrong == host.length()) return host;
        throw wrong(
                text,
                () -> host.charAt(wrong) == '%'
                        ? "invalid URL escape " + GoText.quoted(host.substring(wrong))
                        : "invalid character " + GoText.quoted(String.valueOf(host.charAt(wrong))) + " in host name");
    }

    /// Nothing, or a colon and digits.
    private static void port(String text, String port) {
        boolean fits =
                port.isEmpty() || port.charAt(0) == ':' && other(port, 1, port.length(), Url::digit) == port.length();
        if (!fits) throw wrong(text, () -> "invalid port " + GoText.quoted(port) + " after host");
    }

    /// Signs of one kind.
    @FunctionalInterface
    private interface Signs {
        boolean contain(char c);
    }

    /// Where the first sign of another kind is.
    private static int other(String text, int from, int to, Signs signs) {
        int at = from;
        while (at < to && signs.contain(text.charAt(at))) at++;
        return at;
    }

    private static boolean letter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean inScheme(char c) {
        return letter(c) || digit(c) || c == '+' || c == '.' || c == '-';
    }

    private static boolean inUser(char c) {
        return letter(c) || digit(c) || "._:~!$&'()*+,;=%@-".indexOf(c) >= 0;
    }

    private static boolean inHost(char c) {
        return c > ' ' && c != 0x7f && (letter(c) || digit(c) || "<>\"`{}|\\^#?/%".indexOf(c) < 0);
    }

    private static boolean inPath(char c) {
        return letter(c) || digit(c) || "$&+,/:;=@_.~*!'()%[]-".indexOf(c) >= 0;
    }

    /// A path that is escaped where it must be.
    private static String escaped(String path) {
        if (other(path, 0, path.length(), Url::inPath) == path.length()) return path;
        var result = new StringBuilder(path.length() + path.length() / 2);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (inPath(c)) result.append(c);
            else UPPER.toHexDigits(result.append('%'), b);
        }
        return result.toString();
    }

    private String hostname() {
        var name = host;
        int colon = name.lastIndexOf(':');
        if (colon > name.lastIndexOf(']')) name = name.substring(0, colon);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private String port() {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    }

    private Map<Object, Object> parameters(Budget budget) {
        var all = new LinkedHashMap<Object, List<Object>>();
        budget.reads(query.length());
        for (var part : query.split("&")) {
            budget.steps(OF_A_PARAMETER);
            if (part.isEmpty() || part.contains(";")) continue;
            int equals = part.indexOf('=');
            // Go drops what is escaped wrongly.
            if (wrongEscape(part) >= 0) continue;
            var key = decoded(equals < 0 ? part : part.substring(0, equals));
            var value = equals < 0 ? "" : decoded(part.substring(equals + 1));
            all.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
        }
        return new LinkedHashMap<>(all);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public boolean same(Opaque other) {
        return other instanceof Url url && text.equals(url.text);
    }

    @Override
    public String typeName() {
        return "kubernetes.URL";
    }

    @Override
    public String toString() {
        return text;
    }
}
