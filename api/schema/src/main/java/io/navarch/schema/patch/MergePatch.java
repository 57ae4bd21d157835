package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON merge patch (RFC 7386).
public final class MergePatch {
    private MergePatch() {}

    /// Merges the patch into a copy: `null` removes, maps merge, everything else replaces.
    public static Map<String, Object> apply(Map<String, Object> document, @Nullable Object patch) {
        if (patch == null) throw ApiException.badRequest("Invalid JSON Patch");
        if (!(patch instanceof Map<?, ?> map)) {
            throw ApiException.badRequest("error decoding patch: json: cannot unmarshal " + GoText.kind(patch)
                    + " into Go value of type map[string]interface {}");
        }
        return merged(Trees.copy(document), map);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object mergeValue(@Nullable Object target, @Nullable Object patch) {
        if (patch == null) throw ApiException.badRequest("Invalid JSON Patch");
        if (!(patch instanceof Map<?, ?> changes))
            return target instanceof Map ? Trees.copyOf(patch) : withoutNulls(patch);
        return merged(target instanceof Map<?, ?> map ? (Map<String, Object>) map : Trees.map(), changes);
    }

    /// What is put where no map was has no `null`s in its maps, those in its lists included.
    private static @Nullable Object withoutNulls(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> merged(Trees.map(), map);
            case List<?> list -> {
                var result = new ArrayList<@Nullable Object>(list.size());
                for (var element : list) result.add(withoutNulls(element));
                yield result;
            }
            case null, default -> tree;
        };
    }

    private static Map<String, Object> merged(Map<String, Object> result, Map<?, ?> changes) {
        changes.forEach((key, value) -> {
            if (value == null) result.remove(key);
            else result.put((String) key, mergeValue(result.get(key), value));
        });
        return result;
    }
}
