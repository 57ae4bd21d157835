package io.navarch.apiserver.cache;

import io.navarch.store.Store;

/// Everything a cache held at one revision. Immutable: holding on to it costs a reference, not a copy.
public record Snapshot(long revision, SortedTree<StoredObject> objects) {
    /// Objects whose key starts with `prefix`, in key order.
    public Iterable<StoredObject> below(String prefix) {
        return objects.range(prefix, Store.prefixEnd(prefix));
    }
}
