package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.util.List;

/// Checks objects of built-in kinds by the rules that the fields of their types carry.
public final class TypedValidation {
    private TypedValidation() {}

    /// Checks an object's fields by the rules of its schema; every error is added.
    ///
    /// @param skipped a property of the root that is left out, or `""`
    public static void check(View object, View old, Schema schema, String skipped, List<FieldError> errors) {
        new Checking(old.exists(), errors).map(object, old, schema, "", skipped);
    }

    /// Checks the part of an object at a path.
    public static void checkPart(View part, View old, Schema schema, String path, List<FieldError> errors) {
        new Checking(old.exists(), errors).value(part, old, old.exists(), schema, path);
    }

    private record Checking(boolean update, List<FieldError> errors) {
        void value(View value, View old, boolean compared, Schema schema, String path) {
            if (schema.immutable() && compared && !Trees.semanticEquals(value.value(), old.value())) {
                errors.add(FieldError.invalid(path, value.value(), "field is immutable"));
            }
            if (schema.mandatory().isPresent() && empty(value)) {
                errors.add(FieldError.required(path, schema.mandatory().get()));
                return;
            }
            if (!value.exists()) return;
            for (var rule : schema.rules()) rule.check(value, old, compared, path, errors);
            var type = schema.resolved();
            if (type != schema) for (var rule : type.rules()) rule.check(value, old, compared, path, errors);
            if (value.isMap()) {
                new Checking(compared, errors).map(value, old, type, path, "");
            } else if (type.items().exists()) {
                var elements = new Checking(false, errors);
                int i = 0;
                for (var element : value.list()) {
                    elements.value(View.of(element), View.ABSENT, false, type.items(), FieldError.element(path, i++));
                }
            }
        }

        void map(View object, View old, Schema schema, String path, String skipped) {
            for (var entry : object.map().entrySet()) {
                var name = entry.getKey();
                // What is `null` is looked at below.
                if (name.equals(skipped) || entry.getValue() == null) continue;
                var property = schema.properties().get(name);
                if (property != null) {
                    value(View.of(entry.getValue()), old.get(name), update, property, FieldError.join(path, name));
                } else if (schema.additional().exists()) {
                    var at = FieldError.entry(path, name);
                    value(View.of(entry.getValue()), View.ABSENT, false, schema.additional(), at);
                }
            }
            // Fields that are absent may be mandatory, or immutable and just removed.
            schema.properties().forEach((name, property) -> {
                if (property.mandatory().isEmpty() && !property.immutable()) return;
                if (name.equals(skipped) || object.get(name).exists()) return;
                value(View.ABSENT, old.get(name), update, property, FieldError.join(path, name));
            });
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
