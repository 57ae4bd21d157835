package io.navarch.apiserver.discovery;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds what another server says in OpenAPI 2 to the document of this one. What is there already stays as it is: a
/// path is not described twice, and another definition of the same name gets another name. Pure.
final class MergedOpenApi {
    private static final String PREFIX = "#/definitions/";
    private static final String REFERENCE = "$ref";

    private MergedOpenApi() {}

    static void add(Map<String, Object> other, Map<String, Object> paths, Map<String, Object> definitions) {
        var added = View.of(other).get("definitions").map();
        var names = new HashMap<String, String>();
        added.forEach((name, definition) -> {
            var known = definitions.get(name);
            boolean taken = known != null && !known.equals(definition);
            if (taken) names.put(name, free(name, definitions, added));
        });
        added.forEach((name, definition) ->
                definitions.putIfAbsent(names.getOrDefault(name, name), renamed(definition, names)));
        View.of(other).get("paths").map().forEach((path, item) -> paths.putIfAbsent(path, renamed(item, names)));
    }

    private static String free(String name, Map<String, Object> definitions, Map<String, Object> added) {
        for (int i = 2; ; i++) {
            var candidate = name + "_v" + i;
            if (!definitions.containsKey(candidate) && !added.containsKey(candidate)) return candidate;
        }
    }

    private static @Nullable Object renamed(@Nullable Object tree, Map<String, String> names) {
        if (names.isEmpty()) return tree;
        return switch (tree) {
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, Object>();
                map.forEach((key, value) -> copy.put(
                        (String) key,
                        key.equals(REFERENCE) && value instanceof String text
                                ? referred(text, names)
                                : renamed(value, names)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<Object>(list.size());
                for (var each : list) copy.add(renamed(each, names));
                yield copy;
            }
            case null, default -> tree;
        };
    }

    private static String referred(String reference, Map<String, String> names) {
        if (!reference.startsWith(PREFIX)) return reference;
        var name = reference.substring(PREFIX.length());
        return PREFIX + names.getOrDefault(name, name);
    }
}
