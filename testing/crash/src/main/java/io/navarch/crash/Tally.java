package io.navarch.crash;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What was done and what was found, in numbers.
public final class Tally {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    public void add(String what) {
        add(what, 1);
    }

    public void add(String what, long count) {
        counts.computeIfAbsent(what, none -> new LongAdder()).add(count);
    }

    public long of(String what) {
        var count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /// Something is wrong.
    public void finding(String kind, String what) {
        add("FOUND " + kind);
        // All of them may come at once.
        if (of("FOUND " + kind) <= 50) System.out.println("FOUND " + kind + ": " + what);
    }

    public long findings() {
        return counts.keySet().stream()
                .filter(name -> name.startsWith("FOUND"))
                .mapToLong(this::of)
                .sum();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        new TreeMap<>(counts)
                .forEach((name, count) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(' ')
                        .append(count));
        return text.toString();
    }
}
