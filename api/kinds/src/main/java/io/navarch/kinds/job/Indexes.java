package io.navarch.kinds.job;

import java.util.BitSet;
import java.util.Optional;

/// Indexes of a job as statuses write them: `1,3-5,7`.
final class Indexes {
    private Indexes() {}

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
        var both = set(completed);
        both.and(set(failed));
        return both.isEmpty()
                ? Optional.empty()
                : Optional.of("failedIndexes and completedIndexes overlap at index: " + both.nextSetBit(0));
    }

    private static BitSet set(String list) {
        var set = new BitSet();
        if (list.isEmpty()) return set;
        for (var interval : list.split(",")) {
            var ends = interval.split("-");
            set.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return set;
    }
}
