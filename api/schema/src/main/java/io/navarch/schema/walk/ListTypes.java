package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.schema.types.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Checks that sets have no element twice, and lists with keys no two with the same.
public final class ListTypes {
    private ListTypes() {}

    /// Adds an error for each element that is there already, one for those that are alike; and for one without keys.
    public static void validate(@Nullable Object tree, Schema schema, String path, List<FieldError> errors) {
        if (tree instanceof Map<?, ?> map) {
            for (var entry : map.entrySet()) {
                var name = (String) entry.getKey();
                boolean known = schema.properties().containsKey(name);
                var inside = known ? schema.property(name) : schema.additional();
                boolean metadata = name.equals("metadata") && (path.isEmpty() || schema.embeddedResource());
                if (!inside.exists() || metadata) continue;
                var at = known ? FieldError.join(path, name) : FieldError.entry(path, name);
                validate(entry.getValue(), inside, at, errors);
            }
        } else if (tree instanceof List<?> list) {
            if (schema.listType() != Schema.ListType.ATOMIC) twice(list, schema, path, errors);
            if (!schema.items().exists()) return;
            for (int i = 0; i < list.size(); i++)
                validate(list.get(i), schema.items(), FieldError.element(path, i), errors);
        }
    }

    private static void twice(List<?> list, Schema schema, String path, List<FieldError> errors) {
        boolean keyed = schema.listType() == Schema.ListType.MAP;
        for (int i = 0; keyed && i < list.size(); i++) {
            var element = list.get(i);
            if (element == null || element instanceof Map) continue;
            var at = FieldError.element(path, i);
            errors.add(FieldError.invalid(at, element, "must be an object for an array of list-type map"));
            return;
        }
        Set<@Nullable Object> seen = new HashSet<>();
        Set<@Nullable Object> told = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            var element = list.get(i);
            var key = keyed && element instanceof Map<?, ?> map ? keyOf(map, schema.listKeys()) : element;
            if (!seen.add(key) && told.add(key)) errors.add(FieldError.duplicate(FieldError.element(path, i), key));
        }
    }

    /// What an element of a list with keys is known by, in the order of their names.
    static Map<String, @Nullable Object> keyOf(Map<?, ?> element, List<String> keys) {
        var result = new TreeMap<String, @Nullable Object>();
        for (var key : keys) {
            if (element.containsKey(key)) result.put(key, element.get(key));
        }
        return result;
    }
}
