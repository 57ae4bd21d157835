package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings custom resources into the form that the schema of one of their versions describes.
///
/// The metadata of a whole object, embedded or not, have the type that all metadata have: these parts are left to
/// [Pruning] and [Defaulting], whose rules are those of the published types.
public final class CustomForm {
    private static final Set<String> OF_OBJECTS = Set.of("apiVersion", "kind", "metadata");

    private CustomForm() {}

    /// Removes the fields of a whole object that the schema does not declare, and adds their paths to `unknown`.
    public static void prune(Map<String, Object> object, Schema schema, UnknownFields unknown) {
        fields(object, schema, new Place("", true, schema.preserveUnknown()), unknown);
    }

    /// As above, for a value that may be part of an object.
    public static void prunePart(Object tree, Schema schema, UnknownFields unknown) {
        prune(tree, schema, "", unknown);
    }

    /// @param whole whether a whole object stands here, with a type and metadata
    /// @param open whether what is not declared stays
    private record Place(String path, boolean whole, boolean open) {}

    private static void prune(@Nullable Object tree, Schema schema, String path, UnknownFields unknown) {
        prune(tree, schema, new Place(path, schema.embeddedResource(), schema.preserveUnknown()), unknown);
    }

    private static void prune(@Nullable Object tree, Schema schema, Place place, UnknownFields unknown) {
        if (tree instanceof Map<?, ?> map) fields(map, schema, place, unknown);
        else if (tree instanceof List<?> list) elements(list, schema.items(), place, unknown);
    }

    private static void fields(Map<?, ?> map, Schema schema, Place place, UnknownFields unknown) {
        for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            var name = (String) entry.getKey();
            var at = FieldError.join(place.path, name);
            var field = schema.property(name);
            if (place.whole && OF_OBJECTS.contains(name)) {
                if (builtIn(field) && entry.getValue() != null) Pruning.prune(entry.getValue(), field, at, unknown);
            } else if (field.exists()) {
                prune(entry.getValue(), field, at, unknown);
            } else if (!place.open) {
                unknown.add(place.path, name);
                entries.remove();
            }
        }
    }

    /// Where a list keeps what is not declared, so do its elements; the fields of a map do only if they say so.
    private static void elements(List<?> list, Schema items, Place place, UnknownFields unknown) {
        boolean open = place.open || items.preserveUnknown();
        for (int i = 0; i < list.size(); i++)
            prune(
                    list.get(i),
                    items,
                    new Place(FieldError.element(place.path, i), items.embeddedResource(), open),
                    unknown);
    }

    private static boolean builtIn(Schema field) {
        return !field.typeName().isEmpty();
    }

    /// Removes the `null`s of declared fields that can neither be `null` nor have a default. Others are values: those
    /// of fields that nobody declared, for example.
    public static void dropNulls(@Nullable Object tree, Schema schema) {
        if (tree instanceof Map<?, ?> map) {
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var field = schema.property((String) entry.getKey());
                if (builtIn(field)) Defaulting.dropNulls(entry.getValue(), field);
                else if (entry.getValue() != null) dropNulls(entry.getValue(), field);
                else if (refusesNull(field) && !field.hasDefault()) entries.remove();
            }
        } else if (tree instanceof List<?> list) {
            list.forEach(element -> dropNulls(element, schema.items()));
        }
    }

    private static boolean refusesNull(Schema schema) {
        return schema.exists() && !schema.nullable();
    }

    /// Fills in the defaults, also where there is a `null` that cannot be.
    @SuppressWarnings("unchecked")
    public static void complete(@Nullable Object tree, Schema schema) {
        if (tree instanceof Map<?, ?> map) values((Map<String, Object>) map, schema);
        else if (tree instanceof List<?> list) {
            var items = schema.items();
            ((List<@Nullable Object>) list)
                    .replaceAll(element -> element == null && refusesNull(items) && items.hasDefault()
                            ? Trees.copyOf(items.defaultValue())
                            : element);
            list.forEach(element -> complete(element, items));
        }
    }

    private static void values(Map<String, Object> map, Schema schema) {
        schema.properties().forEach((name, field) -> {
            if (field.hasDefault() && (!map.containsKey(name) || map.get(name) == null && refusesNull(field)))
                map.put(name, Trees.copyOf(field.defaultValue()));
        });
        var others = schema.additional();
        for (var entry : map.entrySet()) {
            var field = schema.properties().get(entry.getKey());
            if (field == null && entry.getValue() == null && refusesNull(others) && others.hasDefault())
                entry.setValue(Trees.copyOf(others.defaultValue()));
            var inside = field == null ? others : field;
            if (builtIn(inside)) Defaulting.applyAsSent(entry.getValue(), inside);
            else complete(entry.getValue(), inside);
        }
    }
}
