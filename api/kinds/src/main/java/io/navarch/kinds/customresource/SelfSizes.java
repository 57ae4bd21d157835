package io.navarch.kinds.customresource;

import io.navarch.expressions.Identifiers;
import io.navarch.expressions.estimate.Sizes;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How large the values of a schema can be: as large as it says, or as has room in a request.
final class SelfSizes implements Sizes {
    /// What a request has room for.
    private static final long REQUEST = 3 * 1024 * 1024;

    private static final long TEXT = REQUEST - 2;
    private static final long SHORTEST_TIME = 21;
    private static final long LONGEST_TIME = 32;
    private static final long DATE = 12;
    private static final long SHORTEST_DURATION = 3;
    private static final long BYTES_OF_A_SIGN = 4;

    /// @param schema null for the key of a map
    private record Place(@Nullable View schema, boolean resource) {}

    private final View schema;
    private final boolean resource;
    private final IdentityHashMap<Object, Long> least = new IdentityHashMap<>();

    SelfSizes(View schema, boolean resource) {
        this.schema = schema;
        this.resource = resource;
    }

    /// How often values of the schema have room in a request.
    long mostTimes() {
        return REQUEST / (least(schema, resource) + 1);
    }

    @Override
    public OptionalLong most(List<String> path) {
        var place = new Place(schema, resource);
        for (var step : path.subList(1, path.size())) {
            if (place.schema == null) return OptionalLong.empty();
            place = below(place.schema, place.resource, step);
            if (place == null) return OptionalLong.empty();
        }
        return OptionalLong.of(place.schema == null ? 0 : most(place.schema));
    }

    private static @Nullable Place below(View schema, boolean resource, String step) {
        var type = schema.get("type").string();
        var additional = schema.get("additionalProperties");
        boolean map = type.equals("object") && additional.isMap();
        if (schema.get("x-kubernetes-int-or-string").bool()) return null;
        return switch (step) {
            case "@items", "@values" -> {
                if (map) yield place(additional);
                yield type.equals("array") && schema.get("items").isMap() ? place(schema.get("items")) : null;
            }
            case "@keys" -> map ? new Place(null, false) : null;
            default -> map || !type.equals("object") ? null : field(schema, resource, step);
        };
    }

    private static Place place(View schema) {
        return new Place(schema, schema.get("x-kubernetes-embedded-resource").bool());
    }

    private static @Nullable Place field(View schema, boolean resource, String step) {
        var properties = resource
                ? SelfTypes.withMetadata(schema)
                : schema.get("properties").map();
        for (var property : properties.entrySet())
            if (Identifiers.escaped(property.getKey()).filter(step::equals).isPresent())
                return place(View.of(property.getValue()));
        return null;
    }

    private long most(View schema) {
        var length = schema.get("maxLength");
        if (schema.get("x-kubernetes-int-or-string").bool())
            return length.exists() ? limit(length) * BYTES_OF_A_SIGN : TEXT;
        return switch (schema.get("type").string()) {
            case "array" ->
                schema.get("maxItems").exists()
                        ? limit(schema.get("maxItems"))
                        : (REQUEST - 2) / (least(schema.get("items")) + 1);
            case "object" -> {
                var additional = schema.get("additionalProperties");
                if (!additional.isMap()) yield 0;
                yield schema.get("maxProperties").exists()
                        ? limit(schema.get("maxProperties"))
                        : (REQUEST - 2) / (least(additional) + 6);
            }
            case "string" ->
                switch (schema.get("format").string()) {
                    case "byte" -> length.exists() ? limit(length) : TEXT;
                    case "duration", "date-time" -> LONGEST_TIME;
                    case "date" -> DATE;
                    default -> {
                        if (length.exists()) yield limit(length) * BYTES_OF_A_SIGN;
                        var values = schema.get("enum").list();
                        yield values.isEmpty() ? TEXT : longest(values);
                    }
                };
            default -> 0;
        };
    }

    private static long limit(View number) {
        return Math.max(0, number.longOr(0));
    }

    private static long longest(List<?> values) {
        return values.stream()
                .filter(String.class::isInstance)
                .mapToLong(value -> ((String) value).getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(0);
    }

    private long least(View schema) {
        return least(schema, schema.get("x-kubernetes-embedded-resource").bool());
    }

    /// With how many signs the smallest value is written.
    private long least(View schema, boolean resource) {
        if (schema.get("x-kubernetes-int-or-string").bool()) return 1;
        return switch (schema.get("type").string()) {
            case "array" -> 2;
            case "object" -> {
                if (schema.get("additionalProperties").isMap()) yield 2;
                var known = least.get(schema.map());
                if (known != null) yield known;
                long size = 2;
                var required = schema.get("required").strings();
                var properties = resource
                        ? SelfTypes.withMetadata(schema)
                        : schema.get("properties").map();
                for (var property : properties.entrySet()) {
                    var name = property.getKey();
                    var part = View.of(property.getValue());
                    boolean needed = required.contains(name)
                            && SelfTypes.seen(part)
                            && !part.get("default").exists();
                    if (needed) size += name.getBytes(StandardCharsets.UTF_8).length + least(part) + 4;
                }
                least.put(schema.map(), size);
                yield size;
            }
            case "string" ->
                switch (schema.get("format").string()) {
                    case "duration" -> SHORTEST_DURATION;
                    case "date" -> DATE;
                    case "date-time" -> SHORTEST_TIME;
                    default -> 2;
                };
            case "boolean" -> 4;
            default -> 1;
        };
    }
}
