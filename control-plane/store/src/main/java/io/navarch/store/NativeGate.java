package io.navarch.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps native memory from being freed while somebody uses it: each use enters and leaves, closing waits for those
/// inside, and who comes later is told. What is freed in use ends the whole process.
final class NativeGate {
    /// Added to the number of users once nobody may enter any more.
    private static final long SHUT = Long.MIN_VALUE;

    private final AtomicLong users = new AtomicLong();
    private final CountDownLatch empty = new CountDownLatch(1);
    private final Use use = this::leave;

    /// To be closed exactly once for each time it was given.
    interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /// @throws StoreClosedException when it is too late
    Use enter() {
        while (true) {
            long now = users.get();
            if (now < 0) throw new StoreClosedException();
            if (users.compareAndSet(now, now + 1)) return use;
        }
    }

    private void leave() {
        if (users.decrementAndGet() == SHUT) empty.countDown();
    }

    /// Lets nobody in any more and waits until nobody is inside, whatever interrupts it: to go on early is what this is
    /// against.
    void close() {
        long before = users.getAndUpdate(now -> now < 0 ? now : now + SHUT);
        if (before == 0) empty.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                empty.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
