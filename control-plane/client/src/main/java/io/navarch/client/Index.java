package io.navarch.client;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Which objects have which entries. Guarded by its own monitor, under which nothing else is called but the function
/// that tells an object's entries; so whoever holds another lock may read it.
final class Index {
    private final Function<View, Collection<String>> entriesOf;
    private final Map<String, Set<ObjectKey>> keys = new HashMap<>();

    Index(Function<View, Collection<String>> entriesOf) {
        this.entriesOf = entriesOf;
    }

    /// Either may be absent.
    synchronized void change(View old, View now) {
        var before = old.exists() ? entriesOf.apply(old) : List.<String>of();
        var after = now.exists() ? entriesOf.apply(now) : List.<String>of();
        var key = (now.exists() ? now : old).key();
        for (var entry : before) if (!after.contains(entry)) remove(entry, key);
        for (var entry : after)
            keys.computeIfAbsent(entry, name -> new LinkedHashSet<>()).add(key);
    }

    private void remove(String entry, ObjectKey key) {
        var held = keys.get(entry);
        if (held != null && held.remove(key) && held.isEmpty()) keys.remove(entry);
    }

    synchronized List<ObjectKey> keys(String entry) {
        return List.copyOf(keys.getOrDefault(entry, Set.of()));
    }

    synchronized int count(String entry) {
        return keys.getOrDefault(entry, Set.of()).size();
    }
}
