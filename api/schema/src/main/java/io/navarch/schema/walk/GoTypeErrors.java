package io.navarch.schema.walk;

import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.schema.types.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds values whose type does not fit their field, and says so in the words of Go's decoder.
///
/// That decoder remembers the first value of a wrong type and goes on; a value that reads itself (times, quantities)
/// and cannot ends it at once.
public final class GoTypeErrors {
    /// The last part of a path: where in which struct a value stands. Lists and maps are no steps.
    private record Place(String structure, String path) {}

    private @Nullable String remembered;
    private @Nullable String ending;

    private GoTypeErrors() {}

    /// What is wrong first. Built-in kinds are decoded into typed structs, so it makes the request a bad one
    /// rather than the object an invalid one.
    ///
    /// @param name the name of the struct that the tree is read into
    public static Optional<String> find(@Nullable Object tree, Schema schema, String name) {
        var errors = new GoTypeErrors();
        errors.read(tree, schema, "", name, new Place("", ""));
        return Optional.ofNullable(errors.ending != null ? errors.ending : errors.remembered);
    }

    /// @param known what the field says of the Go type
    /// @param structure the name of the struct that an object is read into
    private void read(@Nullable Object tree, Schema schema, String known, String structure, Place place) {
        if (tree == null || ending != null) return;
        if (schema.intOrString()) {
            if (!(tree instanceof String)) ending(wholeError(tree, "int32", place));
            return;
        }
        switch (schema.type()) {
            case OBJECT -> {
                if (tree instanceof Map<?, ?> map) object(map, schema, known, structure, place);
                else mismatch(tree, GoTypes.of(schema, known), place);
            }
            case ARRAY -> {
                if (tree instanceof List<?> list) list(list, schema, known, place);
                else mismatch(tree, GoTypes.of(schema, known), place);
            }
            case STRING -> string(tree, schema, known, place);
            case INTEGER -> wholeError(tree, GoTypes.of(schema, known), place).ifPresent(this::remember);
            case NUMBER -> {
                if (!(tree instanceof Number)) mismatch(tree, "float64", place);
            }
            case BOOLEAN -> {
                if (!(tree instanceof Boolean)) mismatch(tree, GoTypes.of(schema, known), place);
            }
            case ANY -> {
                // An empty struct has no fields that the schema could show.
                if (schema.emptyStruct() && !(tree instanceof Map)) mismatch(tree, known, place);
                else if (known.equals("v1.JSONSchemaPropsOrBool") && !(tree instanceof Map || tree instanceof Boolean))
                    ending(Optional.of("boolean or JSON schema expected"));
            }
        }
    }

    private void object(Map<?, ?> map, Schema schema, String known, String structure, Place place) {
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            var property = schema.properties().get(name);
            if (property == null) {
                read(entry.getValue(), schema.additional(), GoTypes.elementKnown(known), schema.additional(), place);
            } else {
                var embedded = property.go().embedded();
                var step = embedded.isEmpty() ? name : embedded + "." + name;
                var inside = new Place(structure, place.path.isEmpty() ? step : place.path + "." + step);
                read(entry.getValue(), property, property.go().type(), property, inside);
            }
        }
    }

    private void read(@Nullable Object tree, Schema schema, String known, Schema named, Place place) {
        read(tree, schema, known, GoTypes.structure(named.typeName()), place);
    }

    private void list(List<?> list, Schema schema, String known, Place place) {
        for (var element : list) read(element, schema.items(), GoTypes.elementKnown(known), schema.items(), place);
    }

    private void string(Object tree, Schema schema, String known, Place place) {
        switch (schema.format()) {
            case "quantity" -> ending(quantityError(tree));
            case "date-time" -> {
                if (tree instanceof String text) ending(timeError(text, schema));
                else ending(Optional.of(text(tree, "string", place)));
            }
            case "byte" -> {
                if (tree instanceof String text) base64Error(text).ifPresent(this::remember);
                else if (tree instanceof List<?> list) bytes(list, place);
                else mismatch(tree, "[]uint8", place);
            }
            default -> {
                if (!(tree instanceof String)) mismatch(tree, GoTypes.of(schema, known), place);
            }
        }
    }

    /// A list of numbers is read as bytes elsewhere, but nobody writes that.
    private void bytes(List<?> list, Place place) {
        if (list.isEmpty()) return;
        var other = list.stream()
                .filter(element -> element != null && !(element instanceof Number))
                .findFirst();
        if (other.isPresent()) mismatch(other.get(), "uint8", place);
        else mismatch(list, "[]uint8", place);
    }

    private static Optional<String> timeError(String text, Schema schema) {
        var layout = schema.microTime() ? GoTime.MICROS : GoTime.SECONDS;
        var error = GoTime.error(layout, text);
        if (error.isPresent() || Timestamps.parse(text).isPresent()) return error;
        return Optional.of("parsing time \"" + text + "\" as \"" + layout + "\": cannot parse \"" + text + "\"");
    }

    private static Optional<String> quantityError(Object tree) {
        try {
            boolean scalar = tree instanceof String || tree instanceof Number;
            Quantity.parse(scalar ? tree : "~");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private static Optional<String> base64Error(String text) {
        int wrong = notBase64(text);
        return wrong < 0 ? Optional.empty() : Optional.of("illegal base64 data at input byte " + wrong);
    }

    /// The index at which Go rejects a text as base64, or -1. Line breaks are ignored.
    private static int notBase64(String text) {
        int inGroup = 0;
        int i = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') continue;
            if (c == '=') break;
            boolean known = c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/');
            if (!known) return i;
            inGroup = (inGroup + 1) % 4;
        }
        if (i == text.length()) return inGroup == 0 ? -1 : i - inGroup;
        if (inGroup < 2) return i;
        var padding = text.substring(i).replaceAll("[\\r\\n]", "");
        int wanted = 4 - inGroup;
        if (padding.length() < wanted) return text.length();
        return padding.equals("=".repeat(wanted)) ? -1 : i + wanted;
    }

    private static Optional<String> wholeError(Object tree, String wanted, Place place) {
        boolean whole = tree instanceof Number && !(tree instanceof Double);
        long number = whole ? ((Number) tree).longValue() : 0;
        boolean fits = whole && (!wanted.equals("int32") || number == (int) number);
        if (fits) return Optional.empty();
        var given = tree instanceof Number sent ? "number " + literal(sent) : given(tree);
        return Optional.of(text(given, wanted, place));
    }

    /// A number as it was written, in all likelihood.
    private static String literal(Number number) {
        if (!(number instanceof Double fraction)) return String.valueOf(number.longValue());
        boolean plain = Math.abs(fraction) >= 1e-6 && Math.abs(fraction) < 1e21;
        if (plain && fraction != Math.rint(fraction)) return new BigDecimal(String.valueOf(fraction)).toPlainString();
        return String.valueOf(fraction);
    }

    private void mismatch(Object tree, String wanted, Place place) {
        remember(text(tree, wanted, place));
    }

    private void remember(String error) {
        if (remembered == null) remembered = error;
    }

    private void ending(Optional<String> error) {
        error.ifPresent(text -> ending = text);
    }

    private static String text(Object tree, String wanted, Place place) {
        return text(given(tree), wanted, place);
    }

    private static String text(String given, String wanted, Place place) {
        var target = place.path.isEmpty() ? "value" : "struct field " + place.structure + "." + place.path;
        return "json: cannot unmarshal " + given + " into Go " + target + " of type " + wanted;
    }

    private static String given(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> "object";
            case List<?> list -> "array";
            case String text -> "string";
            case Boolean flag -> "bool";
            default -> "number";
        };
    }
}
