package io.navarch.agent.numa;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Some of a machine's NUMA nodes.
///
/// @param bits a bit for each, the lowest for node 0
public record NodeMask(long bits) {
    private static final int MOST = Long.SIZE;

    /// Those first that have fewer nodes, and of these those that have lower numbers.
    public static final Comparator<NodeMask> NARROWEST =
            Comparator.comparingInt(NodeMask::count).thenComparing(NodeMask::bits, Long::compareUnsigned);

    /// @throws IllegalArgumentException when there are more than can be told apart
    public static NodeMask of(Collection<Integer> nodes) {
        long bits = 0;
        for (int node : nodes) {
            if (node < 0 || node >= MOST) throw new IllegalArgumentException("bit number must be in range 0-63");
            bits |= 1L << node;
        }
        return new NodeMask(bits);
    }

    public boolean has(int node) {
        return node >= 0 && node < MOST && (bits & 1L << node) != 0;
    }

    public boolean hasAny(Collection<Integer> nodes) {
        return nodes.stream().anyMatch(this::has);
    }

    public int count() {
        return Long.bitCount(bits);
    }

    public List<Integer> nodes() {
        var nodes = new ArrayList<Integer>();
        for (long left = bits; left != 0; left &= left - 1) nodes.add(Long.numberOfTrailingZeros(left));
        return nodes;
    }

    public NodeMask and(NodeMask other) {
        return new NodeMask(bits & other.bits);
    }

    boolean narrowerThan(NodeMask other) {
        return NARROWEST.compare(this, other) < 0;
    }

    boolean lessThan(NodeMask other) {
        return Long.compareUnsigned(bits, other.bits) < 0;
    }

    /// All that can be made of some nodes, the smallest first.
    public static List<NodeMask> combinations(List<Integer> nodes) {
        var all = new ArrayList<NodeMask>();
        for (int size = 1; size <= nodes.size(); size++) for (var each : combinations(nodes, size)) all.add(of(each));
        return all;
    }

    /// Each choice of so many, in the order of the list.
    public static <T> List<List<T>> combinations(List<T> from, int size) {
        var all = new ArrayList<List<T>>();
        choose(from, size, 0, List.of(), all);
        return all;
    }

    private static <T> void choose(List<T> from, int size, int start, List<T> chosen, List<List<T>> all) {
        if (chosen.size() == size) {
            all.add(chosen);
            return;
        }
        for (int i = start; i <= from.size() - (size - chosen.size()); i++) {
            var more = new ArrayList<>(chosen);
            more.add(from.get(i));
            choose(from, size, i + 1, more, all);
        }
    }
}
