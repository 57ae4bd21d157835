package io.navarch.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Collects the keys that a document has twice, as many as anybody could want to be told of: a document of a million
/// doubled keys below a name of a million characters must not become texts of a million million.
final class Duplicates {
    private static final int MOST = 250;
    private static final long LONGEST = 1 << 20;

    private final List<Json.Duplicate> found = new ArrayList<>(0);
    private long characters;

    /// @param length how many characters it takes to tell
    void add(int length, Supplier<Json.Duplicate> duplicate) {
        if (found.size() >= MOST || characters > LONGEST) return;
        characters += length;
        found.add(duplicate.get());
    }

    List<Json.Duplicate> found() {
        return found;
    }
}
