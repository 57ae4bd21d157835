package io.navarch.schema.walk;

import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The canonical form in which objects of built-in kinds are stored: the one that typed Go structs would produce.
public final class CanonicalForm {
    private CanonicalForm() {}

    /// Brings an object into the form in which typed structs would write it: quantities and times as their canonical
    /// text, and no zero value where zero cannot be told from absent.
    public static void apply(Object tree, Schema schema) {
        if (!schema.exists()) return;
        if (tree instanceof Map<?, ?> raw) {
            @SuppressWarnings("unchecked")
            var map = (Map<String, Object>) raw;
            var required = schema.required();
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var property = schema.property(entry.getKey());
                if (!property.exists()) continue;
                var value = entry.getValue();
                boolean known = schema.properties().containsKey(entry.getKey());
                if (known && !required.contains(entry.getKey()) && unset(value, property)) entries.remove();
                else if (value instanceof String || value instanceof Number) entry.setValue(scalar(value, property));
                else if (value == null && !known) entry.setValue(Defaulting.nothing(property));
                else if (property.milli() && value instanceof Map<?, ?> amounts) thousandths(amounts, property);
                else if (property.schemaOrElse()) schemas(value, schema);
                else apply(value, property);
            }
        } else if (tree instanceof List<?> raw && schema.items().exists()) {
            @SuppressWarnings("unchecked")
            var list = (List<Object>) raw;
            for (int i = 0; i < list.size(); i++) {
                var value = list.get(i);
                if (value == null) list.set(i, Defaulting.nothing(schema.items()));
                else if (value instanceof String || value instanceof Number) list.set(i, scalar(value, schema.items()));
                else apply(value, schema.items());
            }
        }
    }

    private static void schemas(@Nullable Object tree, Schema schema) {
        if (tree instanceof List<?> list) list.forEach(each -> schemas(each, schema));
        else if (tree instanceof Map) apply(tree, schema);
    }

    /// Amounts of resources are no finer than thousandths.
    private static void thousandths(Map<?, ?> raw, Schema schema) {
        apply(raw, schema);
        @SuppressWarnings("unchecked")
        var amounts = (Map<String, Object>) raw;
        amounts.replaceAll((name, amount) -> Quantity.find(amount)
                .<Object>map(each -> each.thousandths().toString())
                .orElse(amount));
    }

    private static boolean unset(Object value, Schema property) {
        return switch (value) {
            case null -> false;
            case List<?> list ->
                list.isEmpty()
                        && property.type() == Schema.Type.ARRAY
                        && !property.zeroKept()
                        && !property.alwaysWritten();
            case Map<?, ?> map -> map.isEmpty() && property.additional().exists() && !property.zeroKept();
            case String text -> text.isEmpty() && property.zeroMeansUnset();
            case Number number -> number.doubleValue() == 0 && property.zeroMeansUnset();
            case Boolean flag -> !flag && property.zeroMeansUnset();
            default -> false;
        };
    }

    private static Object scalar(Object value, Schema schema) {
        return switch (schema.format()) {
            case "quantity" ->
                Quantity.find(value).<Object>map(Quantity::toString).orElse(value);
            case "date-time" ->
                Timestamps.parse(String.valueOf(value))
                        .<Object>map(time -> schema.microTime() ? Timestamps.micros(time) : Timestamps.seconds(time))
                        .orElse(value);
            default -> value;
        };
    }
}
