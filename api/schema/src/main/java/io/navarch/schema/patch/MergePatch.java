package io.navarch.schema.patch;

import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Trees;
import java.util.Map;

/// JSON merge patch (RFC 7386).
public final class MergePatch {
    private MergePatch() {}

    /// Merges the patch into a copy: `null` removes, maps merge, everything else replaces.
    @SuppressWarnings("unchecked")
    public static Map<String, Object> apply(Map<String, Object> document, Object patch) {
        if (!(patch instanceof Map<?, ?> map)) {
            throw ApiException.badRequest("error decoding patch: json: cannot unmarshal " + GoText.kind(patch)
                    + " into Go value of type map[string]interface {}");
        }
        return (Map<String, Object>) mergeValue(Trees.copy(document), map);
    }

    @SuppressWarnings("unchecked")
    private static Object mergeValue(Object target, Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) return Trees.copy(patch);
        var result = target instanceof Map<?, ?> map ? (Map<String, Object>) map : Trees.map();
        changes.forEach((key, value) -> {
            if (value == null) result.remove(key);
            else result.put((String) key, mergeValue(result.get(key), value));
        });
        return result;
    }
}
