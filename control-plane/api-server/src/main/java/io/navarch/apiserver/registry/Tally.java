package io.navarch.apiserver.registry;

import io.navarch.apiserver.cache.CatchUp;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.objects.Quantity;
import io.navarch.schema.admission.Admission.Amounts;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// The sum of what all objects of a namespace amount to. An object is added when it comes and subtracted when it goes,
/// so that asking costs the same among ten of them and among ten thousand.
final class Tally implements CatchUp.Target {
    private final ObjectCache cache;
    private final Amounts amounts;
    private final CatchUp changes;
    /// Only of those that amount to something.
    private final Map<String, Map<String, Quantity>> byKey = new HashMap<>();

    private final TreeMap<String, Quantity> sums = new TreeMap<>();

    Tally(ObjectCache cache, String namespace, Amounts amounts) {
        this.cache = cache;
        this.amounts = amounts;
        changes = new CatchUp(() -> cache, namespace, this);
    }

    boolean of(ObjectCache other) {
        return cache == other;
    }

    synchronized Map<String, Quantity> sums() {
        changes.run();
        return new TreeMap<>(sums);
    }

    /// Costs the same however many names there are.
    synchronized Quantity sum(String name) {
        changes.run();
        return sums.getOrDefault(name, Quantity.ZERO);
    }

    synchronized void close() {
        changes.close();
    }

    @Override
    public void clear() {
        byKey.clear();
        sums.clear();
    }

    @Override
    public void put(StoredObject object) {
        var added = amounts.of(object.read());
        if (added.isEmpty()) return;
        byKey.put(object.key(), added);
        added.forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
    }

    @Override
    public void remove(String key) {
        var gone = byKey.remove(key);
        if (gone != null) gone.forEach((name, amount) -> sums.computeIfPresent(name, (each, sum) -> sum.minus(amount)));
    }
}
