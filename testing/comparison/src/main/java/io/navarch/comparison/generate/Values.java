package io.navarch.comparison.generate;

import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What to try in a field: values at and past the ends of what its type allows, and of other types.
final class Values {
    /// A value and its name.
    record Named(String name, @Nullable Object value) {}

    /// The values that a description names are written so.
    private static final Pattern QUOTED = Pattern.compile("[\"`']([A-Z][A-Za-z]{1,40})[\"`']");

    private static final int ENOUGH = 6;

    private Values() {}

    /// The values of an enumeration, as its description names them.
    static List<String> named(Schema schema) {
        var result = new LinkedHashSet<String>();
        var matcher = QUOTED.matcher(schema.description());
        while (matcher.find() && result.size() < ENOUGH) result.add(matcher.group(1));
        return List.copyOf(result);
    }

    static List<Named> of(Schema schema, String field) {
        var values = new ArrayList<Named>();
        values.add(new Named("null", null));
        if (schema.intOrString()) intOrString(values);
        else
            switch (schema.type()) {
                case STRING -> string(schema, values);
                case INTEGER -> integer(schema, values);
                case NUMBER -> number(values);
                case BOOLEAN -> bool(values);
                case ARRAY -> list(schema, field, values);
                case OBJECT -> object(schema, field, values);
                case ANY -> any(values);
            }
        return values;
    }

    private static void add(List<Named> values, @Nullable Object value) {
        values.add(new Named(String.valueOf(value), value));
    }

    private static void string(Schema schema, List<Named> values) {
        switch (schema.format()) {
            case "date-time" -> {
                for (var text : List.of("", "x", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5Z", "2020-01-01"))
                    values.add(new Named("\"" + text + "\"", text));
                add(values, 5L);
            }
            case "byte" -> {
                for (var text : List.of("", "eA==", "?", "eA")) values.add(new Named("\"" + text + "\"", text));
                add(values, 5L);
            }
            case "quantity" -> {
                for (var text : List.of("", "1", "-1", "0", "1500m", "1Gi", "0.0000000001", "1e400", "x"))
                    values.add(new Named("\"" + text + "\"", text));
                add(values, 1L);
                add(values, 1.5);
                add(values, true);
            }
            default -> {
                for (var text : List.of("", "x", "Not A Name!", "a.b/c-d", "-x", "5", "/x", "../x"))
                    values.add(new Named("\"" + text + "\"", text));
                for (var text : named(schema)) values.add(new Named("\"" + text + "\"", text));
                values.add(new Named("a * 64", "a".repeat(64)));
                values.add(new Named("a * 300", "a".repeat(300)));
                add(values, 5L);
                add(values, true);
                values.add(new Named("{}", Map.of()));
            }
        }
    }

    private static void integer(Schema schema, List<Named> values) {
        for (long value : new long[] {-2, -1, 0, 1, 2, 100, 101, 65_535, 65_536, Integer.MAX_VALUE, 1L << 31})
            add(values, value);
        if (schema.format().equals("int64")) add(values, Long.MAX_VALUE);
        add(values, 1.5);
        values.add(new Named("\"5\"", "5"));
        add(values, true);
    }

    private static void number(List<Named> values) {
        for (double value : new double[] {-1, 0, 0.5, 1e300}) add(values, value);
        values.add(new Named("\"5\"", "5"));
    }

    private static void bool(List<Named> values) {
        add(values, true);
        add(values, false);
        add(values, 1L);
        values.add(new Named("\"true\"", "true"));
    }

    private static void intOrString(List<Named> values) {
        for (long value : new long[] {-1, 0, 1, 80, 65_536, 1L << 31}) add(values, value);
        for (var text : List.of("", "x", "10%", "110%", "-1%", "80", "Not A Name", "http-with-a-long-name"))
            values.add(new Named("\"" + text + "\"", text));
        add(values, true);
        add(values, 1.5);
    }

    private static void list(Schema schema, String field, List<Named> values) {
        values.add(new Named("[]", List.of()));
        values.add(new Named("\"x\"", "x"));
        values.add(new Named("{}", Map.of()));
        var nothing = new ArrayList<@Nullable Object>();
        nothing.add(null);
        values.add(new Named("[null]", nothing));
        var element = Skeleton.of(schema.items(), field);
        values.add(new Named("[x]", both(element)));
        values.add(new Named("[x, x]", both(element, element)));
        if (schema.items().type() == Schema.Type.OBJECT) values.add(new Named("[{}]", List.of(Map.of())));
        var many = new ArrayList<@Nullable Object>();
        for (int i = 0; i < 130; i++) many.add(numbered(element, i));
        values.add(new Named("130 elements", many));
    }

    private static List<@Nullable Object> both(@Nullable Object... elements) {
        var list = new ArrayList<@Nullable Object>();
        for (var element : elements) list.add(element);
        return list;
    }

    /// Another element, told apart by its name.
    private static @Nullable Object numbered(@Nullable Object element, int number) {
        if (element instanceof String) return "x" + number;
        if (!(element instanceof Map<?, ?> map) || !(map.get("name") instanceof String)) return element;
        var result = new LinkedHashMap<Object, @Nullable Object>(map);
        result.put("name", "x" + number);
        return result;
    }

    private static void object(Schema schema, String field, List<Named> values) {
        values.add(new Named("{}", Map.of()));
        values.add(new Named("\"x\"", "x"));
        values.add(new Named("[]", List.of()));
        if (schema.properties().isEmpty()) {
            var element = Skeleton.of(schema.additional(), field);
            for (var key : List.of("x", "", "not a key!", "a/b", "a".repeat(64), "../x", "UPPER"))
                values.add(new Named("{" + (key.length() > 20 ? "a * 64" : key) + ": …}", entry(key, element)));
            values.add(new Named("{x: null}", entry("x", null)));
            return;
        }
        values.add(new Named("skeleton", Skeleton.of(schema, field)));
        values.add(new Named("{unknown}", entry("unknownField", 1L)));
    }

    private static Map<String, @Nullable Object> entry(String key, @Nullable Object value) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put(key, value);
        return map;
    }

    private static void any(List<Named> values) {
        values.add(new Named("{}", Map.of()));
        values.add(new Named("\"x\"", "x"));
        values.add(new Named("[]", List.of()));
        add(values, 1L);
        values.add(new Named("{x}", entry("x", "y")));
    }
}
