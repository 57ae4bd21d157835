package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;

/// Objects of built-in kinds, which the published API decodes into typed structs: their one canonical form, and the
/// rules that their fields carry.
public final class TypedObject {
    private TypedObject() {}

    /// Brings an object into the form in which it would come back from typed structs: quantities and times in their
    /// canonical text, and no zero where a zero cannot be told from no value.
    public static void canonical(Object tree, Schema schema) {
        if (schema == null) return;
        if (tree instanceof Map<?, ?> raw) {
            @SuppressWarnings("unchecked")
            var map = (Map<String, Object>) raw;
            var required = schema.required();
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var property = schema.property(entry.getKey());
                if (property == null) continue;
                var value = entry.getValue();
                boolean known = schema.properties().containsKey(entry.getKey());
                if (known && !required.contains(entry.getKey()) && unset(value, property)) entries.remove();
                else if (value instanceof String || value instanceof Number) entry.setValue(scalar(value, property));
                else if (value == null && !known && text(property)) entry.setValue("");
                else canonical(value, property);
            }
        } else if (tree instanceof List<?> raw && schema.items() != null) {
            @SuppressWarnings("unchecked")
            var list = (List<Object>) raw;
            for (int i = 0; i < list.size(); i++) {
                var value = list.get(i);
                if (value instanceof String || value instanceof Number) list.set(i, scalar(value, schema.items()));
                else canonical(value, schema.items());
            }
        }
    }

    /// In a map of strings a `null` is a string like any other, an empty one.
    private static boolean text(Schema schema) {
        return schema.type() == Schema.Type.STRING
                && !schema.intOrString()
                && schema.format().isEmpty();
    }

    private static boolean unset(Object value, Schema property) {
        return switch (value) {
            case null -> false;
            case List<?> list -> list.isEmpty() && property.type() == Schema.Type.ARRAY && !property.zeroKept;
            case Map<?, ?> map -> map.isEmpty() && property.additional() != null && !property.zeroKept;
            case String text -> text.isEmpty() && property.zeroMeansUnset();
            case Number number -> number.doubleValue() == 0 && property.zeroMeansUnset();
            case Boolean flag -> !flag && property.zeroMeansUnset();
            default -> false;
        };
    }

    private static Object scalar(Object value, Schema schema) {
        return switch (schema.format()) {
            case "quantity" -> {
                var amount = Quantity.parseOr(value, null);
                yield amount == null ? value : amount.toString();
            }
            case "date-time" -> {
                var time = Timestamps.parse(String.valueOf(value));
                if (time == null) yield value;
                yield schema.microTime() ? Timestamps.micros(time) : Timestamps.seconds(time);
            }
            default -> value;
        };
    }

    /// Checks an object's fields by the rules of its schema; every error is added.
    ///
    /// @param skipped a property of the root that is not looked at, or `""`
    public static void check(View object, View old, Schema schema, String skipped, List<FieldError> errors) {
        new Checking(old.exists(), errors).map(object, old, schema, "", skipped);
    }

    /// Checks one part of an object, which stands at a path.
    public static void checkPart(View part, View old, Schema schema, String path, List<FieldError> errors) {
        new Checking(old.exists(), errors).value(part, old, old.exists(), schema, path);
    }

    private record Checking(boolean update, List<FieldError> errors) {
        void value(View value, View old, boolean compared, Schema schema, String path) {
            if (schema.immutable() && compared && !Trees.semanticEquals(value.value(), old.value())) {
                errors.add(FieldError.invalid(path, value.value(), "field is immutable"));
            }
            if (schema.mandatory() && empty(value)) {
                errors.add(FieldError.required(path, schema.mandatory));
                return;
            }
            if (!value.exists()) return;
            for (var rule : schema.rules()) rule.check(value, old, compared, path, errors);
            var type = schema.resolved();
            if (type != schema) for (var rule : type.rules()) rule.check(value, old, compared, path, errors);
            if (value.isMap()) {
                new Checking(compared, errors).map(value, old, type, path, "");
            } else if (type.items() != null) {
                var elements = new Checking(false, errors);
                int i = 0;
                for (var element : value.list()) {
                    elements.value(View.of(element), View.of(null), false, type.items(), path + "[" + i++ + "]");
                }
            }
        }

        void map(View object, View old, Schema schema, String path, String skipped) {
            for (var entry : object.map().entrySet()) {
                var name = entry.getKey();
                if (name.equals(skipped)) continue;
                var property = schema.properties().get(name);
                if (property != null) {
                    value(View.of(entry.getValue()), old.get(name), update, property, Structure.join(path, name));
                } else if (schema.additional() != null) {
                    var at = path + "[" + name + "]";
                    value(View.of(entry.getValue()), View.of(null), false, schema.additional(), at);
                }
            }
            for (var name : schema.watched()) {
                if (name.equals(skipped) || object.get(name).exists()) continue;
                value(View.of(null), old.get(name), update, schema.properties().get(name), Structure.join(path, name));
            }
        }

        private static boolean empty(View value) {
            return switch (value.value()) {
                case null -> true;
                case String text -> text.isEmpty();
                case List<?> list -> list.isEmpty();
                default -> false;
            };
        }
    }
}
