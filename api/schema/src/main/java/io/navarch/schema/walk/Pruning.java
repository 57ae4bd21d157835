package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Drops the fields that a schema does not know.
public final class Pruning {
    private Pruning() {}

    /// Removes fields that the schema does not have and adds their paths to `unknown`.
    public static void prune(Object tree, Schema schema, String path, UnknownFields unknown) {
        if (!schema.exists()) return;
        if (tree instanceof Map<?, ?> map && (schema.type() == Schema.Type.OBJECT || schema.emptyStruct())) {
            boolean open = !schema.emptyStruct()
                    && (schema.preserveUnknown() || schema.additional().exists());
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var name = (String) entry.getKey();
                var property = schema.property(name);
                boolean typeMeta = schema.embeddedResource()
                        && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"));
                if (property.schemaOrElse()) schemas(entry.getValue(), schema);
                else if (property.exists()) prune(entry.getValue(), property, FieldError.join(path, name), unknown);
                else if (!open && !typeMeta) {
                    unknown.add(path, name);
                    entries.remove();
                }
            }
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++)
                prune(list.get(i), schema.items(), FieldError.element(path, i), unknown);
        }
    }

    /// Nobody is told of what Go reads by itself.
    private static void schemas(@Nullable Object tree, Schema schema) {
        if (tree instanceof List<?> list) list.forEach(each -> schemas(each, schema));
        else if (tree instanceof Map) prune(tree, schema, "", new UnknownFields());
    }
}
