package io.navarch.client;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map of bounded size: the entry that was used least recently goes first.
final class Recent<V> extends LinkedHashMap<String, V> {
    private final int most;

    Recent(int most) {
        super(64, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
    }
}
