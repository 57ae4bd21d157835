package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
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
        if (!(patch instanceof Map<?, ?> changes)) return Trees.copyOf(patch);
        return merged(target instanceof Map<?, ?> map ? (Map<String, Object>) map : Trees.map(), changes);
    }

    private static Map<String, Object> merged(Map<String, Object> result, Map<?, ?> changes) {
        changes.forEach((key, value) -> {
            if (value == null) result.remove(key);
            else result.put((String) key, mergeValue(result.get(key), value));
        });
        return result;
    }
}
