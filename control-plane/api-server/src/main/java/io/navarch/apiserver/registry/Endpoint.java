package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.objects.ApiException;
import io.navarch.schema.CustomObjects;
import io.navarch.schema.KindDefinition;
import java.util.Map;
import java.util.Optional;

/// A served version of a kind.
///
/// @param stored the cache of its objects; empty for kinds whose objects are not stored
public record Endpoint(KindDefinition kind, KindDefinition.Version version, Optional<ObjectCache> stored) {
    public String apiVersion() {
        return kind.apiVersion(version.name());
    }

    /// The cache of a kind whose objects are stored.
    public ObjectCache cache() {
        return stored.orElseThrow(() -> new IllegalStateException(kind.qualified() + " is not stored"));
    }

    /// Whether objects must be converted between this version and the stored one.
    public boolean converts() {
        if (stored.isEmpty()) return false;
        var kept = stored.get().kind();
        return !apiVersion().equals(kept.apiVersion(kept.storage().name()));
    }

    /// The object in the stored version; may change its argument.
    public Map<String, Object> toStorage(Map<String, Object> object) {
        return converts() ? version.toStorage().apply(object) : object;
    }

    /// The stored object in this version; may change its argument.
    public Map<String, Object> fromStorage(Map<String, Object> object) {
        if (!converts()) return object;
        var shown = version.fromStorage().apply(object);
        if (kind.custom()) CustomObjects.shape(shown, version.schema());
        return shown;
    }

    public ApiException notFound(String name) {
        return ApiException.notFound(kind.plural(), kind.group(), name);
    }

    /// The key of an object in the store.
    public String key(String namespace, String name) {
        return kind.storagePrefix() + (kind.namespaced() ? namespace + "/" : "") + name;
    }
}
