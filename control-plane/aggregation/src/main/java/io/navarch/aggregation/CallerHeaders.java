package io.navarch.aggregation;

import io.navarch.schema.admission.User;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Tells another server who calls.
///
/// Source:
/// https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/#kubernetes-apiserver-proxies-the-request
final class CallerHeaders {
    private static final String USER = "X-Remote-User";
    private static final String UID = "X-Remote-Uid";
    private static final String GROUP = "X-Remote-Group";
    private static final String EXTRA = "X-Remote-Extra-";
    private static final String TOKEN = "!#$&'*+-.^_`|~";

    private CallerHeaders() {}

    /// @throws IllegalArgumentException when a name cannot be told in a header: it must never become another one
    static List<Map.Entry<String, String>> of(User user) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        headers.add(header(USER, user.name()));
        if (!user.uid().isEmpty()) headers.add(header(UID, user.uid()));
        for (var group : user.groups()) headers.add(header(GROUP, group));
        user.extra().forEach((key, values) -> {
            for (var value : values) headers.add(header(EXTRA + escaped(key), value));
        });
        return headers;
    }

    /// Headers are bytes: what is not ASCII goes as UTF-8.
    private static Map.Entry<String, String> header(String name, String value) {
        boolean told = value.chars().allMatch(c -> c >= ' ' && c != 0x7f || c == '\t');
        // Whoever reads a header takes blanks around its value for nothing.
        told &= value.isEmpty() || !blank(value.charAt(0)) && !blank(value.charAt(value.length() - 1));
        if (!told) throw new IllegalArgumentException("net/http: invalid header field value for \"" + name + "\"");
        return Map.entry(name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }

    /// A key as a part of a header's name: what may not stand there, and `%` itself, is escaped.
    static String escaped(String key) {
        var text = new StringBuilder();
        for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
            int c = each & 0xff;
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN.indexOf(c) >= 0);
            if (plain) text.append((char) c);
            else text.append('%').append(String.format("%02X", c));
        }
        return text.toString();
    }
}
