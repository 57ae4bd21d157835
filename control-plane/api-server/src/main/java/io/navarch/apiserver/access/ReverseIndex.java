package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.CatchUp;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.schema.admission.Admission.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Who names an object. It follows the changes of a cache, but only takes them in when somebody asks.
final class ReverseIndex implements CatchUp.Target {
    private final CatchUp changes;
    private final Function<StoredObject, Entry> reader;
    /// By the key of the object that names others.
    private final Map<String, Entry> entries = new HashMap<>();
    /// How many objects of an owner name an object.
    private final Map<Reference, Map<String, Integer>> owners = new HashMap<>();

    /// @param owner whom what is named belongs to
    record Entry(String owner, Set<Reference> named) {}

    ReverseIndex(Supplier<ObjectCache> cache, Function<StoredObject, Entry> reader) {
        changes = new CatchUp(cache, "", this);
        this.reader = reader;
    }

    synchronized Set<String> owners(Reference reference) {
        changes.run();
        return Set.copyOf(owners.getOrDefault(reference, Map.of()).keySet());
    }

    @Override
    public void clear() {
        entries.clear();
        owners.clear();
    }

    @Override
    public void put(StoredObject stored) {
        var entry = reader.apply(stored);
        if (entry.named().isEmpty()) return;
        entries.put(stored.key(), entry);
        for (var named : entry.named())
            owners.computeIfAbsent(named, each -> new HashMap<>()).merge(entry.owner(), 1, Integer::sum);
    }

    @Override
    public void remove(String key) {
        var entry = entries.remove(key);
        if (entry == null) return;
        for (var named : entry.named()) {
            owners.computeIfPresent(named, (each, counts) -> {
                counts.computeIfPresent(entry.owner(), (owner, count) -> count == 1 ? null : count - 1);
                return counts.isEmpty() ? null : counts;
            });
        }
    }
}
