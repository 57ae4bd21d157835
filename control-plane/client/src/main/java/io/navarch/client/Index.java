package io.navarch.client;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which objects have which entries, in the order of entries. Guarded by its own monitor, under which nothing else is
/// called but the function
/// that tells an object's entries; so whoever holds another lock may read it.
final class Index {
    private final Function<View, Collection<String>> entriesOf;
    private final NavigableMap<String, Set<ObjectKey>> keys = new TreeMap<>();

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
            if (!before.contains(entry))
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

    /// An object of the least entry that begins like this.
    synchronized Optional<ObjectKey> first(String prefix) {
        return one(keys.ceilingKey(prefix), prefix);
    }

    /// An object of the greatest entry that begins like this.
    synchronized Optional<ObjectKey> last(String prefix) {
        return one(keys.lowerKey(prefix + Character.MAX_VALUE), prefix);
    }

    private Optional<ObjectKey> one(@Nullable String entry, String prefix) {
        return entry == null || !entry.startsWith(prefix)
                ? Optional.empty()
                : keys.getOrDefault(entry, Set.of()).stream().findFirst();
    }
}
