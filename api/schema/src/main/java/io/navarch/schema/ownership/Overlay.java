package io.navarch.schema.ownership;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays a part of an object over it, as server-side apply does, without anybody owning anything: structures and
/// maps are merged, lists by their keys. What is atomic cannot be changed in this way, because all of it would
/// be replaced.
public final class Overlay {
    private Overlay() {}

    /// @return a copy of the object, with the part
    /// @throws IllegalArgumentException when it is no part of such an object
    @SuppressWarnings("unchecked")
    public static Map<String, Object> merge(Map<String, Object> object, Map<String, Object> part, Schema schema) {
        var wrong = AppliedTypes.check(part, schema);
        if (wrong.isPresent())
            throw new IllegalArgumentException("failed to convert patch object to typed object: " + wrong.get());
        var atomics = new ArrayList<String>();
        find(part, schema, "", atomics);
        if (!atomics.isEmpty())
            throw new IllegalArgumentException(
                    "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                            + String.join(", ", atomics));
        var merged = TypedTree.merge(object, part, schema);
        return merged == null ? Trees.map() : (Map<String, Object>) Trees.copy(merged);
    }

    private static void find(@Nullable Object tree, Schema schema, String path, List<String> into) {
        if (tree instanceof Map<?, ?> map) {
            if (schema.atomicMap()) into.add(path);
            map.forEach((name, value) -> {
                var field = schema.property(String.valueOf(name));
                var inner = field.exists() ? field : schema.additional();
                find(value, inner, path + "." + name, into);
            });
        } else if (tree instanceof List<?> list) {
            if (schema.listType() == Schema.ListType.ATOMIC) into.add(path);
            for (int i = 0; i < list.size(); i++) find(list.get(i), schema.items(), path + "[" + i + "]", into);
        }
    }
}
