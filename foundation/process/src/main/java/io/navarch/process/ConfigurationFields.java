package io.navarch.process;

import io.navarch.objects.GoText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields that an object of a configuration may have, and what each holds.
public final class ConfigurationFields {
    private enum Shape {
        TEXT("string"),
        FLAG("bool"),
        NUMBER("int"),
        OBJECT("object"),
        TEXTS("list of strings"),
        OBJECTS("list of objects");

        private final String text;

        Shape(String text) {
            this.text = text;
        }

        boolean fits(@Nullable Object value) {
            return switch (this) {
                case TEXT -> value instanceof String;
                case FLAG -> value instanceof Boolean;
                case NUMBER -> value instanceof Long || value instanceof Integer;
                case OBJECT -> value instanceof Map;
                case TEXTS -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
                case OBJECTS -> value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance);
            };
        }
    }

    private final Map<String, Shape> shapes;

    private ConfigurationFields(Map<String, Shape> shapes) {
        this.shapes = shapes;
    }

    public static ConfigurationFields texts(String... names) {
        return new ConfigurationFields(Map.of()).and(Shape.TEXT, names);
    }

    public ConfigurationFields flags(String... names) {
        return and(Shape.FLAG, names);
    }

    public ConfigurationFields numbers(String... names) {
        return and(Shape.NUMBER, names);
    }

    public ConfigurationFields objects(String... names) {
        return and(Shape.OBJECT, names);
    }

    public ConfigurationFields listsOfTexts(String... names) {
        return and(Shape.TEXTS, names);
    }

    public ConfigurationFields listsOfObjects(String... names) {
        return and(Shape.OBJECTS, names);
    }

    private ConfigurationFields and(Shape shape, String... names) {
        var more = new HashMap<>(shapes);
        for (var name : names) more.put(name, shape);
        return new ConfigurationFields(Map.copyOf(more));
    }

    boolean has(String name) {
        return shapes.containsKey(name);
    }

    /// The first thing in a list that is neither of what lists hold, or what is there instead of a list.
    private static Object other(Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) return value;
        var first = list.getFirst();
        return first == null ? value : first;
    }

    /// What is wrong with the value of a field, if it is something else.
    Optional<String> wrong(String name, @Nullable Object value, String path) {
        var shape = shapes.get(name);
        if (shape == null || value == null || shape.fits(value)) return Optional.empty();
        var found = GoText.kind(other(value));
        return Optional.of("json: cannot unmarshal " + found + " into field " + path + " of type " + shape.text);
    }
}
