package io.navarch.agent.memory;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is promised of a NUMA node's memory.
///
/// @param promises how many blocks come from it
/// @param tables by the type of memory
/// @param group of nodes that promise memory together, with this one
record NodeMemory(int promises, SortedMap<String, Table> tables, List<Integer> group) {
    static final Table NOTHING = new Table(0, 0, 0, 0, 0);

    NodeMemory {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /// Bytes.
    ///
    /// @param system that is not for pods
    /// @param allocatable that is
    /// @param promised of that
    record Table(long total, long system, long allocatable, long promised, long free) {
        Table promising(long more) {
            return new Table(total, system, allocatable, promised + more, free - more);
        }

        /// Whether there is as much, whoever has it.
        boolean asLarge(Table other) {
            return total == other.total && system == other.system && allocatable == other.allocatable;
        }
    }

    Table table(String type) {
        return tables.getOrDefault(type, NOTHING);
    }

    /// @param change of how many blocks come from it
    /// @param more bytes that are promised, negative for what is given back
    NodeMemory with(int change, List<Integer> together, String type, long more) {
        var next = new TreeMap<>(tables);
        if (more != 0) next.put(type, table(type).promising(more));
        return new NodeMemory(promises + change, next, together);
    }
}
