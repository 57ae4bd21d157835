package io.navarch.apiserver.write;

import io.navarch.objects.ApiException;
import io.navarch.objects.FieldError;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.patch.JsonPatch;
import io.navarch.schema.patch.MergePatch;
import io.navarch.schema.patch.StrategicMerge;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A patch that says what to change, as opposed to a configuration that is applied.
///
/// @param tree the patch document
/// @param duplicates fields that were sent more than once
record Patch(PatchType type, @Nullable Object tree, List<Json.Duplicate> duplicates) {
    static Patch read(PatchType type, byte[] bytes) {
        try {
            var document = Json.read(bytes);
            var prefix = type == PatchType.JSON ? "json patch " : "";
            var duplicates = document.duplicates().stream()
                    .<Json.Duplicate>map(each -> new Json.Duplicate.InPatch(prefix + each.complaint()))
                    .toList();
            return new Patch(type, document.tree(), duplicates);
        } catch (Json.MalformedException e) {
            var what = type == PatchType.STRATEGIC ? "" : "error decoding patch: ";
            throw ApiException.badRequest(what + e.getMessage());
        }
    }

    /// The patched object; the one before may be changed.
    Map<String, Object> applyTo(Map<String, Object> before, Schema schema) {
        return switch (type) {
            case JSON -> {
                if (!(JsonPatch.apply(before, tree) instanceof Map<?, ?> map))
                    throw refused(Json.writeString(tree), "the patch leaves no object");
                yield View.of(map).map();
            }
            case STRATEGIC -> StrategicMerge.apply(before, tree, schema);
            case MERGE -> MergePatch.apply(before, tree);
            case APPLY -> throw new IllegalStateException("a configuration is applied by its owners' rules");
        };
    }

    /// Whether the patch itself names the version that it is meant for.
    boolean versioned() {
        return !View.of(tree).resourceVersion().isEmpty();
    }

    static ApiException refused(String patched, String why) {
        return ApiException.invalid("", "", "", List.of(FieldError.invalid("patch", patched, why)));
    }
}
