package io.navarch.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A set of virtual threads that end together: closing the scope interrupts them and waits for them.
///
/// An exception of a task is logged and does not affect the others.
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
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
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
        return start(name, () -> {
            while (!closed) {
                try {
                    task.run();
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    if (!closed) LOG.warn("{}: {}", name, e.toString());
                }
                pause(pauseMillis);
            }
        });
    }

    /// Sleeps, without holding a monitor.
    public static void pause(long millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) throw new IllegalStateException();
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
