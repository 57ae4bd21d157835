package io.navarch.apps.support;

import io.navarch.objects.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Leaves out of texts and objects what nobody else is to read.
public final class Redaction {
    private static final String OUT = SecretText.OUT;

    /// Lists of what may hold anything under `value`.
    private static final Set<String> VALUED = Set.of("env", "httpHeaders");

    /// Of containers, probes and hooks: how many there are is told.
    private static final Set<String> WORDS = Set.of("args", "command");

    private static final Set<String> DROPPED = Set.of("managedFields");

    private Redaction() {}

    public static String text(String text) {
        return SecretText.without(text);
    }

    /// An object as JSON, without annotations, what containers are started with, and values of variables and headers.
    static String object(Map<String, Object> object) {
        return Json.writeString(tree(object, ""));
    }

    /// @param name of the field that it is in
    private static @Nullable Object tree(@Nullable Object tree, String name) {
        if (tree instanceof List<?> list)
            return list.stream()
                    .map(each -> WORDS.contains(name) ? OUT : tree(each, name))
                    .toList();
        if (tree instanceof Map<?, ?> map) return fields(map, name);
        if (!(tree instanceof String text)) return tree;
        return SecretText.names(name) ? OUT : SecretText.without(text);
    }

    private static Map<String, @Nullable Object> fields(Map<?, ?> map, String name) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> {
            var field = String.valueOf(key);
            if (DROPPED.contains(field)) return;
            // In annotations, whole objects may stand.
            boolean out = name.equals("annotations") || VALUED.contains(name) && field.equals("value");
            result.put(field, out ? OUT : tree(value, field));
        });
        return result;
    }
}
