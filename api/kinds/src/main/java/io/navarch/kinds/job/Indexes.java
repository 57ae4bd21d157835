package io.navarch.kinds.job;

import java.util.BitSet;
import java.util.Optional;

/// A set of completion indexes, written as `1,3-5,7`.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
public final class Indexes {
    private final BitSet members = new BitSet();

    /// What cannot be read, or is not below `limit`, is left out.
    public static Indexes parse(String text, int limit) {
        var result = new Indexes();
        for (var part : text.split(",")) {
            var ends = part.split("-", 2);
            if (!part.matches("[0-9]{1,9}(-[0-9]{1,9})?")) continue;
            int first = Integer.parseInt(ends[0]);
            int last = Math.min(Integer.parseInt(ends[ends.length - 1]), limit - 1);
            if (first <= last) result.members.set(first, last + 1);
        }
        return result;
    }

    public Indexes with(Indexes other) {
        var result = new Indexes();
        result.members.or(members);
        result.members.or(other.members);
        return result;
    }

    public void add(int index) {
        members.set(index);
    }

    public boolean contains(int index) {
        return index >= 0 && members.get(index);
    }

    public int size() {
        return members.cardinality();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int first = members.nextSetBit(0); first >= 0; ) {
            int end = members.nextClearBit(first);
            if (!text.isEmpty()) text.append(',');
            text.append(first);
            if (end - first == 2) text.append(',').append(end - 1);
            else if (end - first > 2) text.append('-').append(end - 1);
            first = members.nextSetBit(end);
        }
        return text.toString();
    }

    /// The first thing that is wrong with a list.
    static Optional<String> error(String list, int completions) {
        if (list.isEmpty()) return Optional.empty();
        int last = -1;
        for (var interval : list.split(",", -1)) {
            var ends = interval.split("-", -1);
            if (ends.length > 2)
                return Optional.of("the fragment \"" + interval + "\" violates the requirement that an index interval"
                        + " can have at most two parts separated by '-'");
            for (var end : ends) {
                if (!end.matches("[+]?[0-9]{1,9}"))
                    return Optional.of("cannot convert string to integer for index: \"" + end + "\"");
                if (Integer.parseInt(end) >= completions) return Optional.of("too large index: \"" + end + "\"");
            }
            int from = Integer.parseInt(ends[0]);
            int to = Integer.parseInt(ends[ends.length - 1]);
            if (ends.length > 1 && from >= to) return Optional.of(disorder(from, to));
            if (last >= from) return Optional.of(disorder(last, from));
            last = to;
        }
        return Optional.empty();
    }

    private static String disorder(int previous, int current) {
        return "non-increasing order, previous: " + previous + ", current: " + current;
    }

    /// Why two lists may not stand side by side: an index is in both.
    static Optional<String> common(String completed, String failed, int completions) {
        if (error(completed, completions).isPresent()
                || error(failed, completions).isPresent()) return Optional.empty();
        var both = readable(completed, completions).members;
        both.and(readable(failed, completions).members);
        return both.isEmpty()
                ? Optional.empty()
                : Optional.of("failedIndexes and completedIndexes overlap at index: " + both.nextSetBit(0));
    }

    /// A list that nothing is wrong with may have signs.
    private static Indexes readable(String list, int completions) {
        return parse(list.replace("+", ""), completions);
    }
}
