package io.navarch.agent.volumes;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One lock for each name, there as long as somebody holds it or waits for it.
public final class KeyedLocks {
    private final Map<String, Shared> locks = new HashMap<>();

    private static final class Shared {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /// Given back by closing it.
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /// Empty when others have held it for too long.
    public Optional<Held> hold(String name, Duration patience) {
        Shared shared;
        synchronized (locks) {
            shared = locks.computeIfAbsent(name, fresh -> new Shared());
            shared.users++;
        }
        boolean locked = false;
        try {
            locked = shared.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!locked) leave(name, shared);
        }
        if (!locked) return Optional.empty();
        return Optional.of(() -> {
            shared.lock.unlock();
            leave(name, shared);
        });
    }

    private void leave(String name, Shared shared) {
        synchronized (locks) {
            if (--shared.users == 0) locks.remove(name);
        }
    }
}
