package io.navarch.schema.ownership;

import io.navarch.objects.GoText;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is wrong with an applied configuration before it can be merged: fields that the schema does not have, values
/// of the wrong type, list elements without keys or with duplicate ones. Unlike other bodies, an applied configuration
/// is refused for them, since nobody could own such fields.
public final class AppliedTypes {
    private final List<String> errors = new ArrayList<>();

    private AppliedTypes() {}

    /// All errors in one text; empty when there are none.
    public static Optional<String> check(Map<String, Object> applied, Schema schema) {
        var found = new AppliedTypes();
        found.walk(applied, schema, "", false);
        return switch (found.errors.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(found.errors.getFirst());
            default -> Optional.of("errors:\n  " + String.join("\n  ", found.errors));
        };
    }

    private void add(String path, String text) {
        errors.add(path.isEmpty() ? text : path + ": " + text);
    }

    /// @param inside whether a schema above keeps fields that are not declared, which counts for all below it up to the
    ///     next named type
    private void walk(@Nullable Object tree, Schema schema, String path, boolean inside) {
        if (tree == null) return;
        boolean kept = inside && schema.typeName().isEmpty() || schema.preserveUnknown();
        if (schema.intOrString() || schema.format().equals("quantity")) return;
        switch (schema.type()) {
            case OBJECT -> {
                if (tree instanceof Map<?, ?> map) fields(map, schema, path, kept);
                else if (!open(schema)) add(path, "expected map, got &{" + GoText.of(tree) + "}");
            }
            case ARRAY -> {
                if (tree instanceof List<?> list) elements(list, schema, path, kept);
                else add(path, "expected list, got &{" + GoText.of(tree) + "}");
            }
            case STRING -> {
                if (!(tree instanceof String))
                    add(path, "expected string, got &value.valueUnstructured{Value:" + GoText.literal(tree) + "}");
            }
            case INTEGER, NUMBER -> {
                if (!(tree instanceof Number)) add(path, "expected numeric (int or float), got " + GoText.type(tree));
            }
            case BOOLEAN -> {
                if (!(tree instanceof Boolean)) add(path, "expected boolean, got &{" + GoText.of(tree) + "}");
            }
            case ANY -> {}
        }
    }

    private static boolean open(Schema schema) {
        return schema.preserveUnknown() && schema.properties().isEmpty();
    }

    private void fields(Map<?, ?> map, Schema schema, String path, boolean kept) {
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            var property = schema.property(name);
            boolean typeMeta = path.isEmpty()
                    || schema.embeddedResource()
                            && List.of("apiVersion", "kind", "metadata").contains(name);
            // Where nothing is declared, anything is.
            if (!property.exists()
                    && !kept
                    && !schema.properties().isEmpty()
                    && !(typeMeta && name.matches("apiVersion|kind|metadata"))) {
                add(path + "." + name, "field not declared in schema");
                return;
            }
            walk(entry.getValue(), property, path + "." + name, kept);
        }
    }

    private void elements(List<?> list, Schema schema, String path, boolean kept) {
        var seen = new HashSet<String>();
        for (int i = 0; i < list.size(); i++) {
            var item = list.get(i);
            var at = "[" + i + "]";
            if (schema.listType() != Schema.ListType.ATOMIC) {
                var error = keyError(item, schema);
                if (!error.isEmpty()) {
                    add(path, "element " + i + ": " + error);
                    return;
                }
                var element = item instanceof Map<?, ?> map ? FieldSet.keys(map, schema) : FieldSet.value(item);
                at = FieldSet.readable(element);
                if (!seen.add(element)) add(path, "duplicate entries for key " + at);
            }
            walk(item, schema.items(), path + at, kept);
        }
    }

    /// Why a list element cannot be identified, or `""`.
    private static String keyError(@Nullable Object item, Schema list) {
        if (list.listType() == Schema.ListType.SET) {
            return switch (item) {
                case null -> "associative list without keys has an element that's an explicit null";
                case Map<?, ?> map -> "associative list without keys has an element that's a map type";
                case List<?> inner -> "not supported: associative list with lists as elements";
                default -> "";
            };
        }
        if (item == null) return "associative list with keys may not have a null element";
        if (!(item instanceof Map<?, ?> map)) return "associative list with keys may not have non-map elements";
        for (var key : list.listKeys()) {
            var field = list.items().property(key);
            if (map.containsKey(key) || field.hasDefault() || field.absentKey().isPresent()) return "";
        }
        return "associative list with keys has an element that omits all key fields "
                + list.listKeys().stream()
                        .map(GoText::quoted)
                        .toList()
                        .toString()
                        .replace(",", "")
                + " (and doesn't have default values for any key fields)";
    }
}
