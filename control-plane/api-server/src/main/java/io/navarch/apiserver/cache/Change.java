package io.navarch.apiserver.cache;

import org.jspecify.annotations.Nullable;

/// One change of one object, shared by everybody who follows the cache.
///
/// @param previous the object before it, `null` for an addition
/// @param object the object after it, `null` for a deletion; never both are `null`
public record Change(
        long revision,
        @Nullable StoredObject previous,
        @Nullable StoredObject object) {
    /// The object's key in the store.
    String key() {
        return latest().key();
    }

    /// The object as the change left it, or as it was when it was deleted.
    public StoredObject latest() {
        if (object != null) return object;
        if (previous != null) return previous;
        throw new IllegalStateException("a change of nothing");
    }

    public boolean deletion() {
        return object == null;
    }
}
