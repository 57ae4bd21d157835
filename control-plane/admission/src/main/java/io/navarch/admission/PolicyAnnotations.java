package io.navarch.admission;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// What the bindings of policies tell an audit: where several say something else under one key, it is told all of it.
final class PolicyAnnotations {
    private static final int LONGEST = 10 << 10;

    private record Key(String policy, String key) {}

    private final Map<Key, Set<String>> all = new LinkedHashMap<>();

    void add(String policy, Map<String, String> annotations) {
        annotations.forEach((key, value) -> all.computeIfAbsent(new Key(policy, key), any -> new LinkedHashSet<>())
                .add(cut(value)));
    }

    void tell(BiConsumer<String, String> audit) {
        all.forEach((key, values) -> audit.accept(key.policy + "/" + key.key, String.join(", ", values)));
    }

    /// Not through the middle of a sign.
    private static String cut(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) return value;
        int end = LONGEST;
        while ((bytes[end] & 0xC0) == 0x80) end--;
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
