package io.navarch.agent.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Work on file systems that may take longer than anybody waits, or for ever: all files of a large volume, or a
/// server's that does not answer. It goes on by itself on a thread of the machine's; who asks again is told of its
/// end, so that it is not begun anew each time.
public final class LongWork {
    private final Duration longest;
    /// Each costs a thread.
    private final Semaphore room;

    private final Map<String, FutureTask<Boolean>> all = new ConcurrentHashMap<>();

    /// It goes on.
    public static final class UnderWayException extends IOException {
        private static final long serialVersionUID = 1;

        private UnderWayException(String message) {
            super(message);
        }
    }

    /// @param longest how long anybody waits at a time
    /// @param most that may be under way
    public LongWork(Duration longest, int most) {
        this.longest = longest;
        room = new Semaphore(most);
    }

    /// Begins it, or waits for what was begun under the same name.
    ///
    /// @throws UnderWayException when it has not come to its end
    public void run(String name, BoundedCalls.Action action) throws IOException {
        var task = all.computeIfAbsent(name, none -> begun(action));
        if (task == null) throw new UnderWayException("too many file systems have not answered yet");
        try {
            var done = task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            assert done;
        } catch (TimeoutException e) {
            throw new UnderWayException("it goes on after " + longest.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw BoundedCalls.thrown(e);
        } finally {
            if (task.isDone()) all.remove(name, task);
        }
    }

    /// Nobody will ask for it any more.
    public void forget(String name) {
        all.remove(name);
    }

    private @Nullable FutureTask<Boolean> begun(BoundedCalls.Action action) {
        if (!room.tryAcquire()) return null;
        var task = new FutureTask<Boolean>(() -> {
            try {
                action.run();
                return Boolean.TRUE;
            } finally {
                room.release();
            }
        });
        try {
            Thread.ofPlatform().daemon().name("file-system-work").start(task);
        } catch (OutOfMemoryError e) {
            // There is no room for one more thread.
            room.release();
            throw e;
        }
        return task;
    }
}
