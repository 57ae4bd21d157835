package io.navarch.schema.walk;

import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds values whose type does not fit their field, in the words of the converter that strategic patches go through in
/// the published API: it knows no paths, and numbers become what they must.
public final class RestoreErrors {
    private RestoreErrors() {}

    /// @param name the name of the kind, which is not told
    public static Optional<String> find(@Nullable Object tree, Schema schema, String name) {
        return find(tree, schema);
    }

    private static Optional<String> find(@Nullable Object tree, Schema schema) {
        if (tree == null) return Optional.empty();
        boolean readsItself =
                schema.intOrString() || List.of("date-time", "quantity").contains(schema.format());
        if (readsItself) return GoTypeErrors.find(tree, schema, "");
        return switch (schema.type()) {
            case OBJECT -> object(tree, schema);
            case ARRAY -> {
                if (!(tree instanceof List<?> list)) yield Optional.of("cannot restore slice from " + kind(tree));
                yield list.stream()
                        .flatMap(element -> find(element, schema.items()).stream())
                        .findFirst();
            }
            case STRING -> string(tree, schema);
            case INTEGER -> number(tree, schema, true);
            case NUMBER -> number(tree, schema, false);
            case BOOLEAN -> tree instanceof Boolean ? Optional.empty() : Optional.of("unrecognized type: bool");
            case ANY -> Optional.empty();
        };
    }

    private static Optional<String> object(Object tree, Schema schema) {
        boolean struct = !schema.properties().isEmpty();
        if (!(tree instanceof Map<?, ?> map))
            return Optional.of((struct ? "cannot restore struct from: " : "cannot restore map from ") + kind(tree));
        for (var entry : map.entrySet()) {
            var error = find(entry.getValue(), schema.property((String) entry.getKey()));
            if (error.isPresent()) return error;
        }
        return Optional.empty();
    }

    private static Optional<String> string(Object tree, Schema schema) {
        if (tree instanceof String) return schema.format().equals("byte") ? bytes(tree, schema) : Optional.empty();
        if (schema.format().equals("byte")) return Optional.of("cannot restore slice from " + kind(tree));
        boolean whole = tree instanceof Number && !(tree instanceof Double);
        return Optional.of(
                whole
                        ? "cannot convert int64 to "
                                + GoTypes.of(schema, schema.go().type())
                        : "unrecognized type: string");
    }

    private static Optional<String> bytes(Object tree, Schema schema) {
        return GoTypeErrors.find(tree, schema, "").map(error -> "error decoding from json: " + error);
    }

    private static Optional<String> number(Object tree, Schema schema, boolean whole) {
        var type = GoTypes.of(schema, schema.go().type());
        if (!(tree instanceof Number)) return Optional.of("unrecognized type: " + type);
        boolean fits = !whole || !(tree instanceof Double fraction) || fraction == Math.rint(fraction);
        return fits ? Optional.empty() : Optional.of("cannot convert float64 to " + type);
    }

    private static String kind(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> "map";
            case List<?> list -> "slice";
            case String text -> "string";
            case Boolean flag -> "bool";
            case Double number -> "float64";
            default -> "int64";
        };
    }
}
