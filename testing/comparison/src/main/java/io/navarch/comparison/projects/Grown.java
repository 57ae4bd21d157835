package io.navarch.comparison.projects;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// An object made of nothing but its schema: every field that has one, with a value that the schema allows by itself.
final class Grown {
    private static final int DEEPEST = 8;
    /// Larger objects say no more, and take long.
    private static final int LARGEST = 60_000;

    private static final List<String> TEXTS = List.of(
            "x", "a.example.com", "1", "1s", "1h", "1Gi", "10%", "/x", "http://a.example.com", "a.example.com/x", "A");

    private static final Map<String, String> FORMATS = Map.of(
            "date-time", "2020-01-01T00:00:00Z",
            "duration", "1s",
            "byte", "eA==",
            "uri", "http://a.example.com",
            "ipv4", "1.2.3.4",
            "cidr", "1.2.3.0/24",
            "date", "2020-01-01",
            "uuid", "9f5f9b0e-0f0b-4f7c-9d3c-0d6a5b9c1c11");

    private final boolean needed;
    private final int deepest;

    private Grown(boolean needed, int deepest) {
        this.needed = needed;
        this.deepest = deepest;
    }

    /// @param needed whether only what the schema asks for
    static @Nullable Object of(View schema, boolean needed) {
        for (int deepest = DEEPEST; ; deepest--) {
            var grown = new Grown(needed, deepest).of(schema, 0);
            if (deepest == 1 || Json.write(grown).length <= LARGEST) return grown;
        }
    }

    private @Nullable Object of(View schema, int depth) {
        if (!schema.get("enum").list().isEmpty())
            return schema.get("enum").list().getFirst();
        if (schema.get("x-kubernetes-int-or-string").bool()) return 1L;
        return switch (schema.get("type").string()) {
            case "string" -> text(schema);
            case "integer" -> Math.max(1, schema.get("minimum").longOr(1));
            case "number" -> 1.5;
            case "boolean" -> true;
            case "array" -> {
                var list = new ArrayList<@Nullable Object>();
                if (depth < deepest && (!needed || schema.get("minItems").longOr(0) > 0))
                    list.add(of(schema.get("items"), depth + 1));
                yield list;
            }
            case "object" -> object(schema, depth);
            default -> new LinkedHashMap<String, Object>();
        };
    }

    private Object object(View schema, int depth) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        var required = schema.get("required").strings();
        if (schema.get("x-kubernetes-embedded-resource").bool()) {
            result.put("apiVersion", "v1");
            result.put("kind", "ConfigMap");
        }
        for (var name : schema.get("properties").map().keySet()) {
            boolean wanted = required.contains(name) || !needed && depth < deepest;
            if (wanted && !result.containsKey(name) && !(depth == 0 && name.equals("metadata")))
                result.put(name, of(schema.get("properties").get(name), depth + 1));
        }
        if (schema.get("additionalProperties").isMap() && !needed && depth < deepest)
            result.put("x", of(schema.get("additionalProperties"), depth + 1));
        return result;
    }

    private static String text(View schema) {
        var pattern = schema.get("pattern").string();
        var format = FORMATS.get(schema.get("format").string());
        if (format != null) return format;
        long shortest = schema.get("minLength").longOr(0);
        return TEXTS.stream()
                .filter(text -> text.length() >= shortest && matches(pattern, text))
                .findFirst()
                .orElse("x".repeat((int) Math.clamp(shortest, 1, 1000)));
    }

    private static boolean matches(String pattern, String text) {
        try {
            return pattern.isEmpty() || Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
