package io.navarch.reconcile;

import io.navarch.client.Client;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.Map;
import java.util.Optional;

/// Writes through a client.
public record ClientWriter(Client client) implements ApiWriter {
    @Override
    public View create(ResourceType<?> type, Map<String, Object> object) {
        return View.over(client.create(type, object));
    }

    @Override
    public View update(ResourceType<?> type, Map<String, Object> object, String subresource) {
        return View.over(client.update(type, object, subresource));
    }

    @Override
    public View patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch) {
        return View.over(client.mergePatch(type, key, subresource, patch));
    }

    @Override
    public View apply(ResourceType<?> type, Map<String, Object> object, String subresource, String manager) {
        return View.over(client.as(manager).apply(type, object, subresource));
    }

    @Override
    public View delete(
            ResourceType<?> type, ObjectKey key, String uid, Optional<Long> graceSeconds, String propagation) {
        return client.delete(type, key, uid, graceSeconds.orElse(null), propagation);
    }

    @Override
    public void deleteCollection(ResourceType<?> type, String namespace) {
        client.deleteCollection(type, namespace);
    }
}
