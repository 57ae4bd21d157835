package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.GoText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A URL, taken apart as Go does it.
///
/// @param path as it is escaped
record Url(String text, String scheme, String host, String path, String query) implements Opaque {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
    private static final Pattern PORT = Pattern.compile("(:[0-9]*)?");
    private static final Pattern ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2}).{0,2}");
    private static final Pattern HOST = Pattern.compile("[^ <>\"\\x00-\\x1f\\x7f`{}|\\\\^#?/%]*");
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9$&+,/:;=@_.~*!'()%\\[\\]-]*");

    static final Map<String, Function> FUNCTIONS = Map.of(
            "url", (a, budget) -> a[0] instanceof String text ? parse(text) : null,
            "isURL", (a, budget) -> a[0] instanceof String text ? (Object) (parse(text) instanceof Url) : null,
            "getScheme", (a, budget) -> a[0] instanceof Url url ? url.scheme : null,
            "getHost", (a, budget) -> a[0] instanceof Url url ? url.host : null,
            "getHostname", (a, budget) -> a[0] instanceof Url url ? url.hostname() : null,
            "getPort", (a, budget) -> a[0] instanceof Url url ? url.port() : null,
            "getEscapedPath", (a, budget) -> a[0] instanceof Url url ? url.path : null,
            "getQuery", (a, budget) -> a[0] instanceof Url url ? url.parameters() : null);

    private static final class Wrong extends RuntimeException {
        private final String reason;

        Wrong(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }

    /// @return a URL or a failure
    static Object parse(String text) {
        try {
            return parsed(text);
        } catch (Wrong e) {
            return new Failure("URL parse error during conversion from string: " + e.reason);
        }
    }

    /// What is wrong with a URL, or `""`.
    static String wrong(String text) {
        try {
            parsed(text);
            return "";
        } catch (Wrong e) {
            return e.reason;
        }
    }

    private static Wrong wrong(String text, String reason) {
        return new Wrong("parse " + GoText.quoted(text) + ": " + reason);
    }

    private static Url parsed(String text) {
        for (char c : text.toCharArray())
            if (c < ' ' || c == 0x7f) throw wrong(text, "net/url: invalid control character in URL");
        if (text.isEmpty()) throw wrong(text, "empty url");
        int colon = text.indexOf(':');
        var scheme = "";
        var rest = text;
        if (colon == 0) throw wrong(text, "missing protocol scheme");
        if (colon > 0 && SCHEME.matcher(text.substring(0, colon)).matches()) {
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
        var escape = ESCAPE.matcher(rest);
        if (escape.find()) throw wrong(text, "invalid URL escape " + GoText.quoted(escape.group()));
        return new Url(text, scheme, host, escaped(rest), query);
    }

    private static String host(String text, String authority) {
        int at = authority.lastIndexOf('@');
        var host = authority.substring(at + 1);
        if (at >= 0 && !authority.substring(0, at).matches("[A-Za-z0-9._:~!$&'()*+,;=%@-]*"))
            throw wrong(text, "net/url: invalid userinfo");
        if (host.startsWith("[")) {
            int close = host.lastIndexOf(']');
            if (close < 0) throw wrong(text, "missing ']' in host");
            var port = host.substring(close + 1);
            if (!PORT.matcher(port).matches()) throw wrong(text, "invalid port " + GoText.quoted(port) + " after host");
            return host;
        }
        int colon = host.lastIndexOf(':');
        if (colon >= 0 && !PORT.matcher(host.substring(colon)).matches())
            throw wrong(text, "invalid port " + GoText.quoted(host.substring(colon)) + " after host");
        if (!HOST.matcher(host).matches()) {
            for (char c : host.toCharArray())
                if (!HOST.matcher(String.valueOf(c)).matches())
                    throw wrong(
                            text,
                            c == '%'
                                    ? "invalid URL escape " + GoText.quoted(host.substring(host.indexOf('%')))
                                    : "invalid character " + GoText.quoted(String.valueOf(c)) + " in host name");
        }
        return host;
    }

    /// A path that is escaped where it must be.
    private static String escaped(String path) {
        if (PLAIN_PATH.matcher(path).matches()) return path;
        var result = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && PLAIN_PATH.matcher(String.valueOf(c)).matches()) result.append(c);
            else result.append('%').append("%02X".formatted((int) c));
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

    private Map<Object, Object> parameters() {
        var all = new LinkedHashMap<Object, List<Object>>();
        for (var part : query.split("&")) {
            if (part.isEmpty() || part.contains(";")) continue;
            int equals = part.indexOf('=');
            try {
                var key = decoded(equals < 0 ? part : part.substring(0, equals));
                var value = equals < 0 ? "" : decoded(part.substring(equals + 1));
                all.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
            } catch (IllegalArgumentException e) {
                // Go drops what is escaped wrongly.
            }
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
