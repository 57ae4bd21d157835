package io.navarch.process;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map of bounded size: the entry that was used least recently goes first.
public final class LruMap<V> extends LinkedHashMap<String, V> {
    private final int capacity;

    public LruMap(int capacity) {
        super(64, 0.75f, true);
        this.capacity = capacity;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > capacity;
    }
}
