package io.navarch.kinds.customresource;

import io.navarch.expressions.Identifiers;
import io.navarch.expressions.function.Conversions;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Null;
import io.navarch.expressions.value.Values;
import io.navarch.objects.GoDuration;
import io.navarch.objects.GoText;
import io.navarch.objects.View;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How expressions see the values of a schema: texts in a format as times or bytes, fields under names that
/// can be written in an expression, lists with the equality that the schema says.
final class SelfShapes {
    private static final Set<String> OF_OBJECTS = Set.of("apiVersion", "kind");
    private static final Pattern LONG_DURATION = Pattern.compile("([0-9]{1,9})\\s*(d|w|day|days|week|weeks)");

    private SelfShapes() {}

    /// @param resource whether whole objects stand here
    static SelfShape of(View schema, boolean resource) {
        var shape = plain(schema, resource);
        boolean nullable = schema.get("nullable").bool();
        return raw -> {
            if (raw != null) return shape.value(raw);
            return nullable ? Null.NULL : new Failure("invalid data, got null for schema with nullable=false");
        };
    }

    private static SelfShape below(View schema) {
        return of(schema, schema.get("x-kubernetes-embedded-resource").bool());
    }

    private static SelfShape plain(View schema, boolean resource) {
        if (schema.get("x-kubernetes-int-or-string").bool()) return SelfShapes::intOrString;
        return switch (schema.get("type").string()) {
            case "object" -> object(schema, resource);
            case "array" -> list(schema);
            case "string" -> text(schema.get("format").string());
            case "number" ->
                raw -> raw instanceof Number number
                        ? number.doubleValue()
                        : new Failure("invalid data, expected float, got " + GoText.type(raw));
            case "integer" ->
                raw -> Values.of(raw) instanceof Long number
                        ? number
                        : new Failure("invalid data, expected int, got " + GoText.type(raw));
            case "boolean" ->
                raw -> raw instanceof Boolean flag
                        ? flag
                        : new Failure("invalid data, expected bool, got " + GoText.type(raw));
            default -> Values::of;
        };
    }

    private static Object intOrString(@Nullable Object raw) {
        var value = Values.of(raw);
        return value instanceof String || value instanceof Long
                ? value
                : new Failure("invalid data, expected XIntOrString value to be either a string or integer");
    }

    private static SelfShape object(View schema, boolean resource) {
        var wrong = new Failure("invalid data, expected a map for the provided schema with type=object");
        var additional = schema.get("additionalProperties");
        if (additional.isMap() && !resource) {
            var element = below(additional);
            return raw -> raw instanceof Map<?, ?> map ? new SelfMap(map, element) : wrong;
        }
        var fields = new HashMap<String, SelfObject.Field>();
        schema.get("properties").map().forEach((name, property) -> {
            var field = new SelfObject.Field(name, below(View.of(property)));
            Identifiers.escaped(name).ifPresent(escaped -> fields.put(escaped, field));
            if (Identifiers.isWord(name)) fields.put(name, field);
        });
        if (resource) {
            for (var name : OF_OBJECTS) fields.put(name, new SelfObject.Field(name, text("")));
            if (!SelfTypes.describesMetadata(schema))
                fields.put("metadata", new SelfObject.Field("metadata", SelfShapes::metadata));
        }
        return raw -> raw instanceof Map<?, ?> map ? new SelfObject(map, fields) : wrong;
    }

    private static Object metadata(@Nullable Object raw) {
        var name = new SelfObject.Field("name", text(""));
        var prefix = new SelfObject.Field("generateName", text(""));
        return raw instanceof Map<?, ?> map
                ? new SelfObject(map, Map.of("name", name, "generateName", prefix))
                : new Failure("invalid data, expected a map for the provided schema with type=object");
    }

    private static SelfShape list(View schema) {
        var wrong = new Failure("invalid data, expected an array for the provided schema with type=array");
        var element = below(schema.get("items"));
        var keys = schema.get("x-kubernetes-list-map-keys").strings();
        return switch (schema.get("x-kubernetes-list-type").string()) {
            case "set" -> raw -> raw instanceof List<?> list ? new SelfSet(list, element) : wrong;
            case "map" -> raw -> raw instanceof List<?> list ? new SelfEntries(list, element, keys) : wrong;
            default -> raw -> raw instanceof List<?> list ? new SelfList(list, element) : wrong;
        };
    }

    private static SelfShape text(String format) {
        return raw -> raw instanceof String text
                ? formatted(text, format)
                : new Failure("invalid data, expected string, got " + GoText.type(raw));
    }

    private static Object formatted(String text, String format) {
        return switch (format) {
            case "duration" -> duration(text);
            case "date" -> {
                try {
                    yield LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
                } catch (DateTimeException e) {
                    yield new Failure("Invalid date formatted string " + text + ": " + e.getMessage());
                }
            }
            case "date-time" -> {
                var time = Conversions.parsed(text.toUpperCase(Locale.ROOT).replace(' ', 'T'));
                yield time == null ? new Failure("Invalid date-time formatted string " + text) : time;
            }
            case "byte" -> {
                try {
                    yield new Bytes(Base64.getDecoder().decode(text));
                } catch (IllegalArgumentException e) {
                    yield new Failure("Invalid byte formatted string " + text + ": " + e.getMessage());
                }
            }
            default -> text;
        };
    }

    private static Object duration(String text) {
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            var days = LONG_DURATION.matcher(text);
            if (!days.matches()) return new Failure("Invalid duration " + text + ": " + e.getMessage());
            return Duration.ofDays(
                    Long.parseLong(days.group(1)) * (days.group(2).startsWith("w") ? 7 : 1));
        }
    }
}
