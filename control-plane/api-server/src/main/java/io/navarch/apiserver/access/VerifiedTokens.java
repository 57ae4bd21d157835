package io.navarch.apiserver.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What tokens say whose signatures were found right before: a signature stays right as long as its key is trusted, and
/// checking it costs more than all else about a call. Whether a token still counts is not known here.
///
/// Bounded by number and by the length of the tokens, because callers decide how much a token of theirs says. Those
/// that were shown least recently go first.
final class VerifiedTokens {
    static final int MOST = 4096;

    /// Characters. What a token says takes a few times as much memory.
    static final int LONGEST = 8 << 10;

    static final int TOGETHER = 4 << 20;

    private record Entry(int length, Map<String, Object> claims) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
    private int together;

    /// @param digest of a whole token, its signature included
    synchronized Optional<Map<String, Object>> of(String digest) {
        return Optional.ofNullable(entries.get(digest)).map(Entry::claims);
    }

    synchronized void put(String digest, int length, Map<String, Object> claims) {
        if (length > LONGEST || entries.putIfAbsent(digest, new Entry(length, claims)) != null) return;
        together += length;
        for (var oldest = entries.values().iterator(); entries.size() > MOST || together > TOGETHER; ) {
            together -= oldest.next().length;
            oldest.remove();
        }
    }

    synchronized int size() {
        return entries.size();
    }
}
