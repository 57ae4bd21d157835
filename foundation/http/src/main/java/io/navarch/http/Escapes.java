package io.navarch.http;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Percent signs in what a client asks for, which must be followed by two digits.
final class Escapes {
    private Escapes() {}

    /// Whether the path can be read.
    static boolean readable(String uri) {
        return whole(uri.substring(0, query(uri)));
    }

    /// The same without the parameters that cannot be read: nobody has sent them, as in Go.
    static String withoutUnreadable(String uri) {
        int query = query(uri);
        if (whole(uri.substring(query))) return uri;
        var kept = Arrays.stream(uri.substring(query + 1).split("&"))
                .filter(Escapes::whole)
                .collect(Collectors.joining("&"));
        return uri.substring(0, query + 1) + kept;
    }

    private static int query(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri.length() : query;
    }

    private static boolean whole(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            boolean two = i + 2 < text.length()
                    && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            if (!two) return false;
        }
        return true;
    }
}
