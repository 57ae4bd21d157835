package io.navarch.agent.memory;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What containers are promised of which NUMA nodes.
///
/// @param nodes by number
/// @param promised by the pod's uid, and the container's name
record MemoryAssignments(
        SortedMap<Integer, NodeMemory> nodes, SortedMap<String, SortedMap<String, List<Block>>> promised) {
    static final MemoryAssignments NONE = new MemoryAssignments(new TreeMap<>(), new TreeMap<>());

    MemoryAssignments {
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
        var copy = new TreeMap<String, SortedMap<String, List<Block>>>();
        promised.forEach(
                (uid, containers) -> copy.put(uid, Collections.unmodifiableSortedMap(new TreeMap<>(containers))));
        promised = Collections.unmodifiableSortedMap(copy);
    }

    NodeMemory node(int id) {
        return nodes.getOrDefault(id, new NodeMemory(0, new TreeMap<>(), List.of(id)));
    }

    Map<String, List<Block>> of(String uid) {
        return promised.getOrDefault(uid, new TreeMap<>());
    }

    /// Empty when it is promised nothing.
    List<Block> of(String uid, String container) {
        return of(uid).getOrDefault(container, List.of());
    }

    boolean knows(String uid, String container) {
        return of(uid).containsKey(container);
    }

    /// What is free of some nodes.
    long free(Collection<Integer> some, String type) {
        return some.stream().mapToLong(id -> node(id).table(type).free()).sum();
    }

    /// The same with what a container is promised, whatever it is taken from.
    MemoryAssignments noting(String uid, String container, List<Block> blocks) {
        var all = new TreeMap<>(promised);
        var containers = new TreeMap<>(of(uid));
        containers.put(container, List.copyOf(blocks));
        all.put(uid, containers);
        return new MemoryAssignments(nodes, all);
    }

    /// Takes a block from its nodes, one after the other.
    MemoryAssignments taking(Block block) {
        var next = new TreeMap<>(nodes);
        long left = block.size();
        for (int id : block.nodes()) {
            long part = Math.min(left, node(id).table(block.type()).free());
            next.put(id, node(id).with(1, block.nodes(), block.type(), part));
            left -= part;
        }
        return new MemoryAssignments(next, promised);
    }

    private MemoryAssignments givingBack(Block block) {
        var next = new TreeMap<>(nodes);
        long left = block.size();
        for (int id : block.nodes()) {
            var node = node(id);
            long part = Math.min(left, node.table(block.type()).promised());
            var group = node.promises() <= 1 ? List.of(id) : node.group();
            next.put(id, node.with(-1, group, block.type(), -part));
            left -= part;
        }
        return new MemoryAssignments(next, promised);
    }

    MemoryAssignments without(String uid) {
        var result = this;
        for (var blocks : of(uid).values()) for (var block : blocks) result = result.givingBack(block);
        var all = new TreeMap<>(promised);
        all.remove(uid);
        return new MemoryAssignments(result.nodes, all);
    }

    MemoryAssignments keeping(Set<String> uids) {
        var result = this;
        for (var uid : promised.keySet()) if (!uids.contains(uid)) result = result.without(uid);
        return result;
    }
}
