package io.navarch.process;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A set of threads that end together: closing the scope interrupts them and waits for them.
///
/// An exception of a task is logged and does not affect the others; where memory has run out, the process ends.
public final class TaskScope implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskScope.class);

    /// A task may throw anything; `InterruptedException` means the scope was closed.
    public interface Task {
        void run() throws Exception;
    }

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public boolean closed() {
        return closed;
    }

    public Thread start(String name, Task task) {
        return start(Thread.ofVirtual(), name, task);
    }

    /// Runs a task that others wait for on a thread of the machine's: virtual ones are not interrupted, so that one of
    /// them may wait for all that are there before it. The machine runs it before those that carry them.
    @SuppressWarnings("ThreadPriorityCheck") // It computes little, and not for one request.
    public Thread startDuty(String name, Task task) {
        return start(Thread.ofPlatform().daemon().priority(Thread.MAX_PRIORITY), name, task);
    }

    private Thread start(Thread.Builder kind, String name, Task task) {
        var thread = kind.name(name).unstarted(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (OutOfMemoryError e) {
                // A duty that nobody does any more, and others may be the next.
                Fatal.process().end(name, e);
            } catch (Throwable e) {
                if (!closed) LOG.error("task {} failed", name, e);
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        if (closed) threads.remove(thread);
        else thread.start();
        return thread;
    }

    /// Runs a task repeatedly, `pauseMillis` apart, until the scope is closed; exceptions do not stop it.
    public Thread every(String name, long pauseMillis, Task task) {
        return every(name, () -> Duration.ofMillis(pauseMillis), task);
    }

    /// The same with pauses that are asked for one by one, so that many who began together do not stay together.
    public Thread every(String name, Supplier<Duration> pauses, Task task) {
        return start(name, () -> {
            while (!closed) {
                try {
                    task.run();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception | StackOverflowError e) {
                    if (!closed) LOG.warn("{}: {}", name, e.toString());
                }
                pause(pauses.get());
            }
        });
    }

    /// Sleeps, without holding a monitor.
    public static void pause(long millis) throws InterruptedException {
        pause(Duration.ofMillis(millis));
    }

    public static void pause(Duration length) throws InterruptedException {
        if (new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS)) throw new IllegalStateException();
    }

    @Override
    public void close() {
        closed = true;
        for (var thread : threads) thread.interrupt();
        try {
            for (var thread : threads) thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
