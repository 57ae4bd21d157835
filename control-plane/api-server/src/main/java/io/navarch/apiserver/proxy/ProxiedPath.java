package io.navarch.apiserver.proxy;

import io.navarch.objects.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What of a path is meant for whoever a call is passed on to. All parts are as they were sent: an escaped character
/// stays one, because it may mean something else to whoever reads it next.
///
/// @param prefix what leads there
/// @param rest behind it; empty, or begins with `/`
/// @param query with its `?`, or empty
record ProxiedPath(String prefix, String rest, String query) {
    /// @param uri path and query
    static ProxiedPath of(String uri, String name, String subresource) {
        int query = uri.indexOf('?');
        var path = query < 0 ? uri : uri.substring(0, query);
        var rest = rest(path, name, subresource);
        var prefix = path.substring(0, path.length() - rest.length());
        return new ProxiedPath(prefix, rest, query < 0 ? "" : uri.substring(query));
    }

    /// What is asked of whoever is behind.
    String behind() {
        return (rest.isEmpty() ? "/" : rest) + query;
    }

    /// The whole path, without the query.
    String whole() {
        return prefix + rest;
    }

    private static String rest(String path, String name, String subresource) {
        var before = "";
        int from = 0;
        while (from < path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            var segment = decoded(path.substring(from, end));
            if (segment.equals(subresource) && before.equals(name)) return path.substring(end);
            before = segment;
            from = end + 1;
        }
        throw ApiException.badRequest("the path cannot be passed on");
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("the path cannot be passed on");
        }
    }
}
