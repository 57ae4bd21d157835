package io.navarch.agent.act;

import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// When the runtime is listed: at once when it tells of something, every second for a while after that, since it tells
/// before it knows all of it, and else seldom. One that cannot be heard is listed every second, as by the kubelet.
public final class RuntimeRelist {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeRelist.class);

    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration SETTLED = Duration.ofSeconds(5);
    /// Between two lists, however much is told.
    private static final Duration LEAST = Duration.ofMillis(100);

    /// A list takes no more of the time than one part of this many.
    private static final long SHARE = 10;

    private final ContainerRuntime runtime;
    private final TaskScope.Task list;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private boolean listening;
    private boolean news;
    private long last = System.nanoTime();

    public RuntimeRelist(ContainerRuntime runtime, TaskScope.Task list) {
        this.runtime = runtime;
        this.list = list;
    }

    public void start(TaskScope scope) {
        scope.every("runtime-events", BUSY.toMillis(), this::listen);
        scope.start("runtime-relist", () -> {
            while (!scope.closed()) look();
        });
    }

    private void listen() {
        try {
            // What happened before is not told: it is found in the first seconds.
            heard(true);
            runtime.follow(() -> heard(true));
        } catch (RuntimeFailure e) {
            LOG.debug("the runtime is not heard", e);
        } finally {
            heard(false);
        }
    }

    private void heard(boolean listening) {
        lock.lock();
        try {
            this.listening = listening;
            news = true;
            last = System.nanoTime();
            told.signal();
        } finally {
            lock.unlock();
        }
    }

    private void look() throws InterruptedException {
        long began = System.nanoTime();
        try {
            list.run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.warn("runtime-relist: {}", e.toString());
        }
        TaskScope.pause(least(Duration.ofNanos(System.nanoTime() - began)));
        lock.lock();
        try {
            long left =
                    pause(listening, Duration.ofNanos(System.nanoTime() - last)).toNanos();
            while (!news && left > 0) left = told.awaitNanos(left);
            news = false;
        } finally {
            lock.unlock();
        }
    }

    /// How long nobody looks again after a list that took so long.
    static Duration least(Duration took) {
        var share = took.multipliedBy(SHARE);
        return share.compareTo(LEAST) < 0 ? LEAST : share.compareTo(BUSY) > 0 ? BUSY : share;
    }

    /// How long it takes until the next list if nothing is told until then.
    ///
    /// @param since it told of something
    static Duration pause(boolean listening, Duration since) {
        return listening && since.compareTo(SETTLED) > 0 ? QUIET : BUSY;
    }
}
