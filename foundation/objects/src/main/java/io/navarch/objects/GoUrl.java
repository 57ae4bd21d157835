package io.navarch.objects;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Supplier;

/// A URL as it stands in a request, taken apart as Go does it: absolute, or a path.
///
/// Source: https://pkg.go.dev/net/url#ParseRequestURI
///
/// @param path as it is escaped
public record GoUrl(String scheme, String host, String path, String query) {
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /// A text that is no URL. It is thrown often, and says why only when it is asked.
    public static final class MalformedException extends RuntimeException {
        private final transient Supplier<String> reason;

        private MalformedException(Supplier<String> reason) {
            super(null, null, false, false);
            this.reason = reason;
        }

        /// In Go's words.
        @Override
        public String getMessage() {
            return reason.get();
        }
    }

    private static MalformedException wrong(String text, String reason) {
        return wrong(text, () -> reason);
    }

    private static MalformedException wrong(String text, Supplier<String> reason) {
        return new MalformedException(() -> "parse " + GoText.quoted(text) + ": " + reason.get());
    }

    /// @throws MalformedException when it is none
    public static GoUrl parse(String text) {
        for (int i = 0; i < text.length(); i++)
            if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f)
                throw wrong(text, "net/url: invalid control character in URL");
        if (text.isEmpty()) throw wrong(text, "empty url");
        if (text.equals("*")) return new GoUrl("", "", "*", "");
        int colon = text.indexOf(':');
        var scheme = "";
        var rest = text;
        if (colon == 0) throw wrong(text, "missing protocol scheme");
        if (colon > 0 && letter(text.charAt(0)) && other(text, 0, colon, GoUrl::inScheme) == colon) {
            scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
            rest = text.substring(colon + 1);
        }
        int mark = rest.indexOf('?');
        var query = mark < 0 ? "" : rest.substring(mark + 1);
        if (mark >= 0) rest = rest.substring(0, mark);
        if (!rest.startsWith("/")) {
            if (scheme.isEmpty()) throw wrong(text, "invalid URI for request");
            return new GoUrl(scheme, "", "", query);
        }
        var host = "";
        if (rest.startsWith("//") && !scheme.isEmpty()) {
            int end = rest.indexOf('/', 2);
            host = host(text, scheme, rest.substring(2, end < 0 ? rest.length() : end));
            rest = end < 0 ? "" : rest.substring(end);
        }
        checkEscapes(text, rest);
        return new GoUrl(scheme, host, escaped(rest), query);
    }

    /// Where a percent sign is that two digits do not follow, or -1.
    public static int wrongEscape(String text) {
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

    private static void checkEscapes(String text, String part) {
        int escape = wrongEscape(part);
        if (escape < 0) return;
        var begun = part.substring(escape, Math.min(part.length(), escape + 3));
        throw wrong(text, () -> "invalid URL escape " + GoText.quoted(begun));
    }

    private static String host(String text, String scheme, String authority) {
        int at = authority.lastIndexOf('@');
        var host = authority.substring(at + 1);
        if (at > 0) {
            if (other(authority, 0, at, GoUrl::inUser) < at) throw wrong(text, "net/url: invalid userinfo");
            checkEscapes(text, authority.substring(0, at));
        }
        int open = host.lastIndexOf('[');
        if (open > 0) throw wrong(text, "invalid IP-literal");
        if (open == 0) {
            literal(text, host);
            return host;
        }
        // Outside of the web several hosts may be listed, each with its port.
        boolean web = scheme.equals("http") || scheme.equals("https");
        int colon = web ? host.indexOf(':') : host.lastIndexOf(':');
        if (colon >= 0) port(text, host.substring(colon));
        int wrong = other(host, 0, host.length(), GoUrl::inHost);
        if (wrong == host.length()) return host;
        throw wrong(
                text,
                () -> host.charAt(wrong) == '%'
                        ? "invalid URL escape "
                                + GoText.quoted(host.substring(wrong, Math.min(host.length(), wrong + 3)))
                        : "invalid character " + GoText.quoted(String.valueOf(host.charAt(wrong))) + " in host name");
    }

    /// An address in brackets, with or without a zone.
    private static void literal(String text, String host) {
        int close = host.lastIndexOf(']');
        if (close < 0) throw wrong(text, "missing ']' in host");
        port(text, host.substring(close + 1));
        var address = host.substring(1, close);
        int zone = address.indexOf("%25");
        var plain = zone < 0 ? address : address.substring(0, zone);
        if (!Addresses.six(plain) || !Addresses.isAddress(plain))
            throw wrong(text, () -> "invalid host: ParseAddr(" + GoText.quoted(address) + "): unable to parse IP");
    }

    /// Nothing, or a colon and digits.
    private static void port(String text, String port) {
        boolean fits =
                port.isEmpty() || port.charAt(0) == ':' && other(port, 1, port.length(), GoUrl::digit) == port.length();
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
        return c > ' ' && c != 0x7f && (letter(c) || digit(c) || "`{}|\\^#?/%".indexOf(c) < 0);
    }

    private static boolean inPath(char c) {
        return letter(c) || digit(c) || "$&+,/:;=@_.~*!'()%[]-".indexOf(c) >= 0;
    }

    /// A path that is escaped where it must be.
    private static String escaped(String path) {
        if (other(path, 0, path.length(), GoUrl::inPath) == path.length()) return path;
        var result = new StringBuilder(path.length() + path.length() / 2);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (inPath(c)) result.append(c);
            else UPPER.toHexDigits(result.append('%'), b);
        }
        return result.toString();
    }
}
