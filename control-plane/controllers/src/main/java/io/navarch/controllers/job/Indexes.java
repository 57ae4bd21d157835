package io.navarch.controllers.job;

import java.util.BitSet;

/// A set of completion indexes, written as `1,3-5,7`.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
final class Indexes {
    private final BitSet members = new BitSet();

    /// What cannot be read, or is not below `limit`, is left out.
    static Indexes parse(String text, int limit) {
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

    Indexes with(Indexes other) {
        var result = new Indexes();
        result.members.or(members);
        result.members.or(other.members);
        return result;
    }

    void add(int index) {
        members.set(index);
    }

    boolean contains(int index) {
        return index >= 0 && members.get(index);
    }

    int size() {
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
}
