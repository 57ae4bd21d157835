package io.navarch.reconcile;

import io.navarch.client.ResourceType;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.Map;

/// Something a controller wants done. Actions of one decision are carried out in order; the first failure ends it.
public sealed interface Action {
    /// An object that is already there is no failure.
    record Create(ResourceType type, Map<String, Object> object, View onFailureTell) implements Action {
        public Create(ResourceType type, Map<String, Object> object) {
            this(type, object, View.of(null));
        }
    }

    /// Replaces an object, or with `subresource` `status` only that; needs its resourceVersion.
    record Update(ResourceType type, Map<String, Object> object, String subresource) implements Action {}

    /// A JSON merge patch.
    record Patch(ResourceType type, ObjectKey key, String subresource, Object patch) implements Action {}

    /// Deletes the object with this uid; one that is gone already is no failure.
    record Delete(ResourceType type, ObjectKey key, String uid, Long graceSeconds, String propagation)
            implements Action {
        public Delete(ResourceType type, ObjectKey key, String uid) {
            this(type, key, uid, null, "Background");
        }
    }

    /// An event about an object.
    record Emit(View object, String type, String reason, String message) implements Action {}
}
