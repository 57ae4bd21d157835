package io.navarch.apiserver.cache;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// How much caches may hold on to besides their objects: earlier states and changes. Both can be had from the store, or
/// by listing again, so that however large they are they must not fill the heap.
final class Room {
    /// What a cache holds on to, oldest first.
    interface Kept {
        long bytes();

        /// @return false when there is nothing that it could forget
        boolean forgetOne();
    }

    private final long ofChanges;
    private final long ofStates;
    private final Set<Kept> logs = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();

    /// @param ofChanges bytes of the objects in the changes of all caches
    /// @param ofStates bytes of what only one cache's earlier states hold on to
    Room(long ofChanges, long ofStates) {
        this.ofChanges = ofChanges;
        this.ofStates = ofStates;
    }

    static Room ofHeap(long heap) {
        return new Room(heap / 8, heap / 64);
    }

    long ofStates() {
        return ofStates;
    }

    /// A log keeps so many bytes more.
    void add(Kept log, long more) {
        bytes.addAndGet(more);
        logs.add(log);
    }

    void forget(Kept log) {
        if (logs.remove(log)) bytes.addAndGet(-log.bytes());
    }

    /// Has the logs that keep the most forget the oldest. Not to be called by one who holds a log's monitor.
    void trim() {
        while (bytes.get() > ofChanges) {
            var largest = logs.stream().max(Comparator.comparingLong(Kept::bytes));
            if (largest.isEmpty() || !largest.get().forgetOne()) return;
        }
    }
}
