package io.navarch.model;

import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import java.time.Instant;
import java.util.Map;

/// Anything with metadata: objects of every kind, and the templates of some.
public interface ApiObject extends Lens {
    ObjectMeta metadata();

    default String name() {
        return metadata().name();
    }

    default String namespace() {
        return metadata().namespace();
    }

    default String uid() {
        return metadata().uid();
    }

    default String resourceVersion() {
        return metadata().resourceVersion();
    }

    default ObjectKey key() {
        var metadata = metadata();
        return new ObjectKey(metadata.namespace(), metadata.name());
    }

    default Map<String, String> labels() {
        return metadata().labels();
    }

    default Map<String, String> annotations() {
        return metadata().annotations();
    }

    /// The annotation's value, `""` when there is none.
    default String annotation(String key) {
        return annotations().getOrDefault(key, "");
    }

    default boolean deleting() {
        return metadata().hasDeletionTimestamp();
    }

    /// When it was created; the epoch when it does not say.
    default Instant created() {
        return metadata().creationTimestamp().orElse(Instant.EPOCH);
    }

    /// The owner reference with `controller: true`, absent when nothing controls the object.
    default OwnerReference controller() {
        for (var owner : metadata().ownerReferences()) if (owner.controller()) return owner;
        return OwnerReference.ABSENT;
    }
}
