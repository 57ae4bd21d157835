package io.navarch.agent.numa;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;

/// Processors of a machine, by their numbers, as the kernel writes them: `0-3,8`.
public record CpuSet(SortedSet<Integer> ids) {
    public static final CpuSet EMPTY = new CpuSet(new TreeSet<>());

    /// No machine has more.
    private static final int MOST = 1 << 16;

    public CpuSet {
        ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    public static CpuSet of(Collection<Integer> ids) {
        return new CpuSet(new TreeSet<>(ids));
    }

    /// @throws IllegalArgumentException in Go's words when it is none
    public static CpuSet parse(String text) {
        var ids = new TreeSet<Integer>();
        if (text.isEmpty()) return EMPTY;
        for (var part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : number(part.substring(dash + 1));
            if (first > last)
                throw new IllegalArgumentException("invalid range \"" + part + "\" (" + first + " > " + last + ")");
            for (int id = first; id <= last; id++) ids.add(id);
        }
        return new CpuSet(ids);
    }

    private static int number(String text) {
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number < MOST) return number;
        }
        throw new IllegalArgumentException("strconv.Atoi: parsing \"" + text + "\": "
                + (text.matches("[0-9]+") ? "value out of range" : "invalid syntax"));
    }

    public int size() {
        return ids.size();
    }

    public boolean isEmpty() {
        return ids.isEmpty();
    }

    public CpuSet plus(CpuSet more) {
        var all = new TreeSet<>(ids);
        all.addAll(more.ids);
        return new CpuSet(all);
    }

    public CpuSet minus(CpuSet some) {
        var left = new TreeSet<>(ids);
        left.removeAll(some.ids);
        return new CpuSet(left);
    }

    public CpuSet both(CpuSet other) {
        var common = new TreeSet<>(ids);
        common.retainAll(other.ids);
        return new CpuSet(common);
    }

    public boolean containsAll(CpuSet some) {
        return ids.containsAll(some.ids);
    }

    @Override
    public String toString() {
        var text = new StringJoiner(",");
        int first = -1;
        int last = -1;
        for (int id : ids) {
            if (first >= 0 && id == last + 1) {
                last = id;
                continue;
            }
            if (first >= 0) text.add(range(first, last));
            first = id;
            last = id;
        }
        if (first >= 0) text.add(range(first, last));
        return text.toString();
    }

    private static String range(int first, int last) {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
