package io.navarch.tracing;

import io.navarch.apiserver.timing.CallTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// What was part of what: whatever began and ended within something else is part of the shortest of these. Pure.
final class SpanTree {
    /// @param parent its place in the list, -1 for the call itself
    record Node(CallTimes.Interval interval, int parent) {}

    private SpanTree() {}

    static List<Node> of(List<CallTimes.Interval> intervals) {
        var sorted = new ArrayList<>(intervals);
        // What is longer comes first of those that begin together.
        sorted.sort(Comparator.comparingLong(CallTimes.Interval::since)
                .thenComparing(
                        Comparator.comparingLong(CallTimes.Interval::until).reversed()));
        var nodes = new ArrayList<Node>();
        Deque<Integer> open = new ArrayDeque<>();
        for (var interval : sorted) {
            while (!open.isEmpty() && sorted.get(open.getLast()).until() < interval.until()) open.removeLast();
            nodes.add(new Node(interval, open.isEmpty() ? -1 : open.getLast()));
            open.addLast(nodes.size() - 1);
        }
        return nodes;
    }
}
