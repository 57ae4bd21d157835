package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Opaque;
import io.navarch.objects.GoUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A URL, and what expressions ask of it.
record Url(String text, GoUrl parts) implements Opaque {
    /// What a parameter takes beside the signs it is made of.
    private static final int OF_A_PARAMETER = 10;

    static final Map<String, Function> FUNCTIONS = Map.of(
            "url", (a, budget) -> a[0] instanceof String text ? parse(text) : null,
            "isURL", (a, budget) -> a[0] instanceof String text ? (Object) (parse(text) instanceof Url) : null,
            "getScheme", (a, budget) -> a[0] instanceof Url url ? url.parts.scheme() : null,
            "getHost", (a, budget) -> a[0] instanceof Url url ? url.parts.host() : null,
            "getHostname", (a, budget) -> a[0] instanceof Url url ? url.hostname() : null,
            "getPort", (a, budget) -> a[0] instanceof Url url ? url.port() : null,
            "getEscapedPath", (a, budget) -> a[0] instanceof Url url ? url.parts.path() : null,
            "getQuery", (a, budget) -> a[0] instanceof Url url ? url.parameters(budget) : null);

    /// @return a URL or a failure
    static Object parse(String text) {
        try {
            // It must be one of a request, in which a fragment is part of what is before it; here it is not.
            var url = GoUrl.parse(text);
            int fragment = text.indexOf('#');
            return new Url(text, fragment < 0 ? url : GoUrl.parse(text.substring(0, fragment)));
        } catch (GoUrl.MalformedException e) {
            return new Failure(() -> "URL parse error during conversion from string: " + e.getMessage());
        }
    }

    /// What is wrong with a URL, or `""`.
    static String wrong(String text) {
        try {
            GoUrl.parse(text);
            return "";
        } catch (GoUrl.MalformedException e) {
            return e.getMessage();
        }
    }

    private String hostname() {
        var name = parts.host();
        int colon = name.lastIndexOf(':');
        if (colon > name.lastIndexOf(']')) name = name.substring(0, colon);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private String port() {
        var host = parts.host();
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    }

    private Map<Object, Object> parameters(Budget budget) {
        var all = new LinkedHashMap<Object, List<Object>>();
        budget.reads(parts.query().length());
        for (var part : parts.query().split("&")) {
            budget.steps(OF_A_PARAMETER);
            if (part.isEmpty() || part.contains(";")) continue;
            int equals = part.indexOf('=');
            // Go drops what is escaped wrongly.
            if (GoUrl.wrongEscape(part) >= 0) continue;
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
