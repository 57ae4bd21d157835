package io.navarch.reconcile;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.Map;
import java.util.Optional;

/// The writes of the API that actions are made of; each gives the object as it is then.
///
/// Every method throws [io.navarch.objects.ApiException] when the server refuses.
public interface ApiWriter {
    View create(ResourceType<?> type, Map<String, Object> object);

    View update(ResourceType<?> type, Map<String, Object> object, String subresource);

    /// A JSON merge patch.
    View patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch);

    /// A server-side apply that takes over the fields that others own.
    ///
    /// @param manager whose configuration the object is
    View apply(ResourceType<?> type, Map<String, Object> object, String subresource, String manager);

    /// @param graceSeconds empty for the object's own
    /// @return the object that goes on existing for a while, or the `Status` of the deletion
    View delete(ResourceType<?> type, ObjectKey key, String uid, Optional<Long> graceSeconds, String propagation);

    /// Deletes every object of a resource in a namespace; dependents go in the background.
    void deleteCollection(ResourceType<?> type, String namespace);
}
