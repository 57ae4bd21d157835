package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.ShownObjects;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.model.AnyObject;
import io.navarch.objects.ApiException;
import io.navarch.schema.CustomObjects;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A served version of a kind.
///
/// @param stored the cache of its objects; empty for kinds whose objects are not stored
/// @param answers of those who are asked to convert objects; empty when nobody is to be asked
/// @param asking how they are waited for
public record Endpoint(
        KindDefinition kind,
        KindVersion version,
        Optional<ObjectCache> stored,
        Optional<ShownObjects> answers,
        Asking asking) {
    public Endpoint(
            KindDefinition kind, KindVersion version, Optional<ObjectCache> stored, Optional<ShownObjects> answers) {
        this(kind, version, stored, answers, Asking.ALONE);
    }

    public String apiVersion() {
        return kind.apiVersion(version.name());
    }

    /// The cache of a kind whose objects are stored.
    public ObjectCache cache() {
        return stored.orElseThrow(() -> new IllegalStateException(kind.qualified() + " is not stored"));
    }

    private String storedVersion() {
        var kept = cache().kind();
        return kept.apiVersion(kept.storage().name());
    }

    /// Whether objects must be converted between this version and the stored one.
    public boolean converts() {
        return stored.isPresent() && !apiVersion().equals(storedVersion());
    }

    /// Whether somebody else is asked to convert objects.
    public boolean asks() {
        return stored.isPresent() && answers.isPresent() && kind.converter().isPresent();
    }

    /// The same endpoint for those who look at metadata alone, and must not depend on who converts the rest: what is
    /// stored in another version is only said to be in this one.
    public Endpoint unasked() {
        return new Endpoint(kind, version, stored, Optional.empty());
    }

    /// The same endpoint for a call that waits for others in its own way.
    public Endpoint asking(Asking own) {
        return new Endpoint(kind, version, stored, answers, own);
    }

    /// The object in the stored version; may change its argument.
    public Map<String, Object> toStorage(Map<String, Object> object) {
        if (!converts()) return object;
        if (asks()) return asked(List.of(object), storedVersion()).getFirst();
        return version.toStorage().apply(object);
    }

    /// The stored object in this version; may change its argument.
    public Map<String, Object> fromStorage(Map<String, Object> object) {
        if (asks()) {
            if (apiVersion().equals(object.get(AnyObject.API_VERSION))) return object;
            return shape(asked(List.of(object), apiVersion()).getFirst());
        }
        return converts() ? shape(version.fromStorage().apply(object)) : object;
    }

    /// A custom resource of whatever version in this one; may change its argument.
    public Map<String, Object> from(Map<String, Object> object) {
        if (apiVersion().equals(object.get(AnyObject.API_VERSION))) return object;
        return shape(
                asks()
                        ? asked(List.of(object), apiVersion()).getFirst()
                        : version.fromStorage().apply(object));
    }

    private Map<String, Object> shape(Map<String, Object> shown) {
        if (kind.custom()) CustomObjects.shape(shown, version.schema());
        return shown;
    }

    private List<Map<String, Object>> asked(List<Map<String, Object>> objects, String apiVersion) {
        var converter = kind.converter().orElseThrow();
        return asking.during(() -> converter.convert(objects, apiVersion, asking.left()));
    }

    /// The stored object in this version, as a tree of the caller's own.
    public Map<String, Object> tree(StoredObject object) {
        return asks() ? shown(object).tree() : fromStorage(object.tree());
    }

    /// The objects as this version shows them, where somebody has to be asked for that; otherwise as they are stored.
    public List<StoredObject> shown(List<StoredObject> objects) {
        if (!asks() || objects.isEmpty()) return objects;
        return asking.during(() -> {
            try {
                return answers.orElseThrow().show(objects, kind, apiVersion(), asking.left(), trees -> {
                    var shown = asked(trees, apiVersion());
                    shown.forEach(this::shape);
                    return shown;
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ApiException(ApiException.Reason.UNKNOWN, "context canceled");
            }
        });
    }

    public StoredObject shown(StoredObject object) {
        return asks() ? shown(List.of(object)).getFirst() : object;
    }

    public ApiException notFound(String name) {
        return ApiException.notFound(kind.plural(), kind.group(), name);
    }

    /// The key of an object in the store.
    public String key(String namespace, String name) {
        return kind.storagePrefix() + (kind.namespaced() ? namespace + "/" : "") + name;
    }
}
