package io.navarch.kinds.types;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.types.FieldRule;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import io.navarch.schema.types.TypeName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The API's named types (`V1PodSpec`), each parsed when it is first asked for.
public final class Types {
    /// What no stored object has, and no message tells of.
    private static final String PRECONDITIONS = "V1Preconditions";

    private final Map<String, String> sources;
    private final Map<String, Schema> types = new ConcurrentHashMap<>();
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final Overlay overlay;
    private final Map<String, TypeRules> rules;
    // Both are read when they are first asked for; most servers never are.
    private volatile @Nullable Map<String, View> descriptions;
    private volatile @Nullable Map<String, String> messages;

    /// What an object of a named type must be and what it is completed with, wherever it stands.
    public record TypeRules(FieldRule rule, Consumer<Map<String, Object>> completion) {}

    public Types(Map<String, TypeRules> rules) {
        this.rules = rules;
        sources = lines("types");
        overlay = new Overlay(lines("overlay"));
    }

    private static Map<String, String> lines(String resource) {
        try (var stream = Types.class.getResourceAsStream(resource)) {
            if (stream == null) throw new IllegalStateException("the build lacks " + resource);
            var result = new HashMap<String, String>(2048);
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            int start = 0;
            for (int end; (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
                int tab = text.indexOf('\t', start);
                result.put(text.substring(start, tab), text.substring(tab + 1, end));
            }
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The schema of a named type.
    ///
    /// @throws IllegalArgumentException when there is no such type
    public Schema get(String name) {
        var known = types.get(name);
        if (known != null) return known;
        var source = sources.get(name);
        if (source == null) throw new IllegalArgumentException("no such type: " + name);
        var made = parse(name, View.of(Json.parse(source)));
        var raced = types.putIfAbsent(name, made);
        return raced == null ? made : raced;
    }

    /// The type of a kind's objects, [Schema#NONE] when there is none of its own.
    public Schema find(String apiVersion, String kind) {
        var name = nameOf(apiVersion, kind);
        return name.isEmpty() ? Schema.NONE : get(name);
    }

    /// The name of the type of a kind's objects, or `""`.
    public String nameOf(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        var version = capital(apiVersion.substring(slash + 1));
        var group = slash < 0 ? "Core" : capital(apiVersion.substring(0, slash).split("\\.")[0]);
        for (var name : List.of(group + version + kind, version + kind, "V1" + kind)) {
            if (sources.containsKey(name)) return name;
        }
        return "";
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private Schema parse(String name, View source) {
        var properties = new LinkedHashMap<String, Schema>();
        var required = new LinkedHashSet<>(source.get("required").strings());
        source.get("properties").map().forEach((field, type) -> {
            var schema = schema((String) type);
            overlay.complete(name, field, schema);
            if (required.contains(field)) alwaysThere(schema, (String) type);
            properties.put(field, schema.build());
        });
        var schema = SchemaBuilder.of(Schema.Type.OBJECT).properties(properties).required(required);
        overlay.completeType(name, schema);
        if (rules.containsKey(name)) {
            schema.rule(rules.get(name).rule).completion(rules.get(name).completion);
        }
        return schema.build();
    }

    /// A required scalar is no pointer in the published API: it is zero where nobody gave it. A required list is
    /// written even if there is none.
    private static void alwaysThere(SchemaBuilder schema, String type) {
        if (schema.hasDefault() || schema.zeroKept() || schema.isOmitted()) return;
        switch (type.substring(0, 1)) {
            case "[" -> schema.defaultValue(null);
            case "s" -> schema.defaultValue("");
            case "i", "l" -> schema.defaultValue(0L);
            case "b" -> schema.defaultValue(false);
            default -> {}
        }
    }

    private SchemaBuilder schema(String type) {
        return switch (type.charAt(0)) {
            case '[' -> SchemaBuilder.list(schema(type.substring(1)).build());
            case '{' -> SchemaBuilder.mapOf(schema(type.substring(1)).build());
            default ->
                switch (type) {
                    case "s" -> SchemaBuilder.string("");
                    case "i" -> SchemaBuilder.of(Schema.Type.INTEGER).format("int32");
                    case "l" -> SchemaBuilder.of(Schema.Type.INTEGER).format("int64");
                    case "d" -> SchemaBuilder.of(Schema.Type.NUMBER).format("double");
                    case "b" -> SchemaBuilder.of(Schema.Type.BOOLEAN);
                    case "t" -> SchemaBuilder.string("date-time");
                    case "y" -> SchemaBuilder.string("byte");
                    case "q" -> SchemaBuilder.string("quantity");
                    case "x" -> SchemaBuilder.string("int-or-string").intOrString(true);
                    case "a" -> SchemaBuilder.of(Schema.Type.ANY).preserveUnknown(true);
                    default -> SchemaBuilder.reference(type, () -> get(type));
                };
        };
    }

    /// The fields of a protobuf message by its full name, or its full name by `group/version/kind` (the group's first
    /// label, `core` or `meta`).
    public Optional<String> message(String name) {
        return Optional.ofNullable(messages().get(name));
    }

    private Map<String, String> messages() {
        var known = messages;
        if (known != null) return known;
        var all = lines("messages");
        for (var full : List.copyOf(all.keySet())) {
            var parts = full.split("\\.");
            int last = parts.length - 1;
            all.putIfAbsent(parts[last - 2] + "/" + parts[last - 1] + "/" + parts[last], full);
        }
        messages = all;
        return all;
    }

    /// A type's name in the published OpenAPI documents: `V1PodSpec` is `io.k8s.api.core.v1.PodSpec` there. The model's
    /// name begins with the version, and with the group where two groups have a type of the same name; protobuf
    /// messages have the full name.
    public String publishedName(String type) {
        return published.computeIfAbsent(type, this::published);
    }

    private String published(String type) {
        var known = TypeName.of(type);
        if (known.isEmpty()) return "io.k8s." + type;
        if (type.equals(PRECONDITIONS)) return "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions";
        var group = known.get().group();
        var suffix = "." + known.get().versioned();
        return messages().keySet().stream()
                .filter(name -> name.startsWith("k8s.io.") && name.endsWith(suffix))
                .filter(name -> group.isEmpty() || name.contains("." + group + suffix))
                .min(Comparator.comparingInt(String::length))
                .map(name -> "io.k8s." + name.substring("k8s.io.".length()).replace('_', '-'))
                .orElse("io.k8s.api." + (group.isEmpty() ? "core" : group) + suffix);
    }

    /// The text about a field of a type, or about the type itself with field `""`.
    public String description(String type, String field) {
        return descriptions().getOrDefault(type, View.ABSENT).get(field).string();
    }

    /// The value of a word of the overlays about a field of a type, or `""`.
    public String fact(String type, String field, String word) {
        return overlay.value(type, field, word);
    }

    private Map<String, View> descriptions() {
        var known = descriptions;
        if (known != null) return known;
        var parsed = new HashMap<String, View>();
        lines("descriptions").forEach((name, json) -> parsed.put(name, View.of(Json.parse(json))));
        descriptions = parsed;
        return parsed;
    }
}
