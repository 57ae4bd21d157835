package io.navarch.agent.localpath;

import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Does what is to be done for objects, for each by itself: what takes long, or fails, keeps nobody else waiting.
final class KeyedSteps {
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /// Whom nobody has asked for anything looks now and then.
    private static final long LONGEST_NANOS = Duration.ofMinutes(1).toNanos();

    private final Turns turns = new Turns(BACKOFF);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// One step.
    interface Step {
        /// Returns false when it is to be tried again.
        boolean take(ObjectKey key) throws InterruptedException;
    }

    /// As [Turns#ask] has it.
    void ask(ObjectKey key, boolean renewed) {
        lock.lock();
        try {
            turns.ask(key, renewed, System.nanoTime());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Goes on until it is interrupted.
    void run(TaskScope scope, String name, Step step) throws InterruptedException {
        while (true) {
            for (var key : due()) scope.start(name, () -> take(key, step));
        }
    }

    private List<ObjectKey> due() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var due = turns.due(System.nanoTime());
                if (!due.isEmpty()) return due;
                var pause = turns.pause(System.nanoTime());
                changed.awaitNanos(pause.orElse(LONGEST_NANOS));
            }
        } finally {
            lock.unlock();
        }
    }

    private void take(ObjectKey key, Step step) throws InterruptedException {
        boolean done = false;
        try {
            done = step.take(key);
        } finally {
            lock.lock();
            try {
                turns.ended(key, done, System.nanoTime());
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
