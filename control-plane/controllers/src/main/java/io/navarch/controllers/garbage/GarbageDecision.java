package io.navarch.controllers.garbage;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What to do with an object, given what has become of its owners and its dependents.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
final class GarbageDecision {
    enum OwnerState {
        /// It is there, or nobody can say that it is not.
        SOLID,
        /// It is being deleted in the foreground, and waits for its dependents.
        WAITING,
        GONE
    }

    sealed interface Verdict {
        /// Nothing to do.
        record Keep() implements Verdict {}

        record Delete(String propagation) implements Verdict {}

        /// A merge patch of the object.
        record Patch(Object body) implements Verdict {}
    }

    private static final Verdict KEEP = new Verdict.Keep();

    private GarbageDecision() {}

    /// An object that is not being deleted.
    ///
    /// @param states of its owners, in their order
    /// @param hasDependents whether anything depends on it
    /// @param circle whether one of its dependents waits for its own dependents
    static Verdict dependent(View object, List<OwnerState> states, boolean hasDependents, boolean circle) {
        var owners = object.metadata().get("ownerReferences").views();
        var solid = new ArrayList<Object>();
        boolean waited = false;
        boolean lost = false;
        for (int i = 0; i < owners.size(); i++) {
            switch (states.get(i)) {
                case SOLID -> solid.add(owners.get(i).value());
                case WAITING -> waited = true;
                case GONE -> lost = true;
            }
        }
        if (!lost && !waited) return KEEP;
        if (!solid.isEmpty()) return patch(object, "ownerReferences", solid);
        if (waited && hasDependents) {
            // Two that wait for each other would wait for ever: this one no longer holds its owner back.
            if (circle
                    && owners.stream()
                            .anyMatch(owner -> owner.get("blockOwnerDeletion").bool()))
                return patch(object, "ownerReferences", unblocked(owners));
            return new Verdict.Delete("Foreground");
        }
        var finalizers = object.metadata().get("finalizers").strings();
        return new Verdict.Delete(
                finalizers.contains("orphan")
                        ? "Orphan"
                        : finalizers.contains("foregroundDeletion") ? "Foreground" : "Background");
    }

    private static List<Object> unblocked(List<View> owners) {
        var result = new ArrayList<Object>();
        for (var owner : owners) {
            Map<String, Object> copy = Trees.copy(owner.map());
            copy.put("blockOwnerDeletion", false);
            result.add(copy);
        }
        return result;
    }

    /// The object without one of its finalizers.
    static Verdict without(View object, String finalizer) {
        var rest = new ArrayList<Object>(object.metadata().get("finalizers").list());
        rest.remove(finalizer);
        return patch(object, "finalizers", rest);
    }

    /// The object without an owner.
    static Verdict orphaned(View object, String ownerUid) {
        var keep = new ArrayList<Object>();
        for (var owner : object.metadata().get("ownerReferences").views())
            if (!owner.get("uid").string().equals(ownerUid)) keep.add(owner.value());
        return patch(object, "ownerReferences", keep);
    }

    static boolean blocks(View dependent, String ownerUid) {
        return dependent.metadata().get("ownerReferences").stream()
                .anyMatch(owner -> owner.get("uid").string().equals(ownerUid)
                        && owner.get("blockOwnerDeletion").bool());
    }

    private static Verdict patch(View object, String field, Object value) {
        return new Verdict.Patch(Action.Patch.metadata(object, field, value));
    }
}
