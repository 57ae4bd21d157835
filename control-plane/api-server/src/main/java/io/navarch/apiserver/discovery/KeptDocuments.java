package io.navarch.apiserver.discovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Documents about kinds, each of them made once, however many ask at the same time, and kept until other kinds are to
/// be described.
final class KeptDocuments {
    private record Made(List<?> about, Published document) {}

    /// Guarded by the monitor.
    private final Map<String, Made> byName = new HashMap<>();

    /// @param about what the document is made from
    synchronized Published of(String name, List<?> about, Supplier<byte[]> maker) {
        var known = byName.get(name);
        if (known != null && known.about.equals(about)) return known.document;
        var made = Published.of(maker.get());
        byName.put(name, new Made(List.copyOf(about), made));
        return made;
    }

    /// Forgets all others.
    synchronized void retain(Set<String> names) {
        byName.keySet().retainAll(names);
    }
}
