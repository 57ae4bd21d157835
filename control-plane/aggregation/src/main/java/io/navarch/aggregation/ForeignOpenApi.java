package io.navarch.aggregation;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What another server's OpenAPI documents say of one version of a group. Pure.
final class ForeignOpenApi {
    private static final String PATHS = "paths";
    private static final String DEFINITIONS = "definitions";
    private static final String REFERENCE = "$ref";
    private static final String PREFIX = "#/definitions/";

    private ForeignOpenApi() {}

    /// The part of a document in OpenAPI 2 that is about a version: its paths, and the definitions that these need.
    ///
    /// @param prefix of the paths, such as `/apis/GROUP/VERSION/`
    /// @throws Json.MalformedException when it is no such document
    static Map<String, Object> two(byte[] document, String prefix) {
        var whole = View.of(Json.parseMap(document));
        var paths = new TreeMap<String, Object>();
        whole.get(PATHS).map().forEach((path, item) -> {
            if (path.startsWith(prefix)) paths.put(path, item);
        });
        var all = whole.get(DEFINITIONS).map();
        var needed = new TreeMap<String, Object>();
        var open = new ArrayDeque<Object>(paths.values());
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case Map<?, ?> map -> {
                    var name = referred(map.get(REFERENCE));
                    var definition = all.get(name);
                    if (definition != null && needed.putIfAbsent(name, definition) == null) open.push(definition);
                    for (var value : map.values()) if (value != null) open.push(value);
                }
                case List<?> list -> {
                    for (var value : list) if (value != null) open.push(value);
                }
                default -> {}
            }
        }
        return Trees.map("info", whole.get("info").map(), PATHS, paths, DEFINITIONS, needed);
    }

    private static String referred(@Nullable Object reference) {
        return reference instanceof String text && text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
    }

    /// Where the document of a version is, in the index of OpenAPI 3; empty when the index does not name it, or names
    /// something else for it.
    static Optional<String> three(byte[] index, String root) {
        var url = View.of(Json.parseMap(index))
                .get(PATHS, root, "serverRelativeURL")
                .string();
        var own = "/openapi/v3/" + root;
        return url.equals(own) || url.startsWith(own + "?") ? Optional.of(url) : Optional.empty();
    }
}
