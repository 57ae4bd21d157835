package io.navarch.apiserver.write;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Locks by name, of which there are as many as one likes: several names may share one. They are always taken in the
/// same
/// order, so that nobody waits for somebody who waits for him.
final class NamedLocks {
    private static final int COUNT = 256;

    private final List<ReentrantLock> locks =
            Stream.generate(ReentrantLock::new).limit(COUNT).toList();

    /// What is held until it is closed, by the thread that has taken it.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held take(List<String> names) {
        var taken = new ArrayList<ReentrantLock>();
        names.stream()
                .map(name -> Math.floorMod(name.hashCode(), COUNT))
                .distinct()
                .sorted()
                .forEach(index -> {
                    locks.get(index).lock();
                    taken.add(locks.get(index));
                });
        return () -> taken.reversed().forEach(ReentrantLock::unlock);
    }
}
