package io.navarch.apiserver.write;

import io.navarch.model.AnyObject;
import io.navarch.model.ManagedFieldsEntry;
import io.navarch.model.ObjectMeta;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;

/// Whether two objects say the same.
final class TreeComparison {
    private TreeComparison() {}

    /// Writing the same again is no write; a new time in the managed fields alone makes no difference.
    static boolean unchanged(View object, View old) {
        return sameExcept(object, old, List.of(AnyObject.METADATA))
                && sameExcept(
                        object.metadata(),
                        old.metadata(),
                        List.of(ObjectMeta.MANAGED_FIELDS, ObjectMeta.RESOURCE_VERSION))
                && sameManagers(
                        object.metadata().get(ObjectMeta.MANAGED_FIELDS).views(),
                        old.metadata().get(ObjectMeta.MANAGED_FIELDS).views());
    }

    private static boolean sameManagers(List<View> entries, List<View> old) {
        if (entries.size() != old.size()) return false;
        for (int i = 0; i < old.size(); i++) {
            if (!sameExcept(entries.get(i), old.get(i), List.of(ManagedFieldsEntry.TIME))) return false;
        }
        return true;
    }

    /// Whether two maps have the same entries, apart from those with certain keys.
    static boolean sameExcept(View object, View other, List<String> ignored) {
        return contained(object, other, ignored) && contained(other, object, ignored);
    }

    private static boolean contained(View object, View other, List<String> ignored) {
        for (var entry : object.map().entrySet()) {
            if (ignored.contains(entry.getKey())) continue;
            if (!other.map().containsKey(entry.getKey())) return false;
            if (!Trees.same(entry.getValue(), other.map().get(entry.getKey()))) return false;
        }
        return true;
    }
}
