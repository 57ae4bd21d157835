package io.navarch.agent.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls to file systems that others serve, which may never return. Each has a thread of the machine's: a system call
/// holds on to what carries a virtual one, and when all of those are held nothing in this process goes on. Who has
/// asked waits for a while only; as long as the call has not returned, nobody is sent after it.
public final class BoundedCalls {
    /// So many that do not return are not the fault of one server any more, and each costs a thread.
    private static final int MOST = 1000;

    private final Duration longest;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /// What has a result.
    public interface Call<T> {
        T run() throws IOException;
    }

    /// What has none.
    public interface Action {
        void run() throws IOException;
    }

    /// It has not returned in time. It may do what it was to do at any time yet.
    public static final class LateException extends IOException {
        private static final long serialVersionUID = 1;

        private LateException(String message) {
            super(message);
        }
    }

    /// @param longest how long anybody waits for one
    public BoundedCalls(Duration longest) {
        this.longest = longest;
    }

    public void run(String whom, Action action) throws IOException {
        var done = call(whom, () -> {
            action.run();
            return Boolean.TRUE;
        });
        assert done;
    }

    /// @param whom for whom it is: one at a time
    /// @throws LateException when it does not return in time, or one before it has not returned
    public <T> T call(String whom, Call<T> call) throws IOException {
        if (underWay.size() >= MOST || !underWay.add(whom))
            throw new LateException("a file system has not answered yet");
        var task = new FutureTask<T>(() -> {
            try {
                return call.run();
            } finally {
                underWay.remove(whom);
            }
        });
        try {
            Thread.ofPlatform().daemon().name("file-system").start(task);
        } catch (OutOfMemoryError e) {
            // There is no room for one more thread.
            underWay.remove(whom);
            throw e;
        }
        try {
            return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LateException("a file system has not answered within " + longest.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    static IOException thrown(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> new IOException(e);
        };
    }
}
