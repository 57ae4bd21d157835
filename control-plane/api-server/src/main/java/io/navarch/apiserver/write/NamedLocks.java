package io.navarch.apiserver.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// A lock for each name, as long as somebody has it or waits for it: never more than there are writes under way. They
/// are always taken in the same order, so that nobody waits for somebody who waits for him.
final class NamedLocks {
    /// Replaced whole, under its name, when somebody comes or goes.
    ///
    /// @param users who have the lock or wait for it
    private record Used(ReentrantLock lock, int users) {}

    private final Map<String, Used> locks = new ConcurrentHashMap<>();

    /// What is held until it is closed, by the thread that has taken it.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held take(List<String> names) {
        var taken = new ArrayList<String>();
        names.stream().distinct().sorted().forEach(name -> {
            lock(name).lock();
            taken.add(name);
        });
        return () -> taken.reversed().forEach(this::release);
    }

    private ReentrantLock lock(String name) {
        var used = locks.compute(
                name,
                (same, known) ->
                        known == null ? new Used(new ReentrantLock(), 1) : new Used(known.lock, known.users + 1));
        return used.lock;
    }

    private void release(String name) {
        locks.computeIfPresent(name, (same, known) -> {
            known.lock.unlock();
            return known.users == 1 ? null : new Used(known.lock, known.users - 1);
        });
    }

    /// How many names somebody has, or waits for.
    int size() {
        return locks.size();
    }
}
