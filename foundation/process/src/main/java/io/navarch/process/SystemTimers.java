package io.navarch.process;

import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Real time. All pending actions share one queue and one thread, so that tens of thousands of them are cheap. It is a
/// thread of the machine's: what is due is done however busy those are that run virtual ones.
public final class SystemTimers implements Timers {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimers.class);

    private record Pending(Runnable action, long dueNanos) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(dueNanos - ((Pending) other).dueNanos);
        }
    }

    private final DelayQueue<Pending> queue = new DelayQueue<>();

    /// @param scope whose closing ends these timers; actions still pending then never run
    public SystemTimers(TaskScope scope) {
        scope.startDuty("timers", () -> {
            while (!scope.closed()) run(queue.take().action);
        });
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.warn("timers: {}", e.toString());
        }
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
        TaskScope.pause(length);
    }

    @Override
    public void after(Duration delay, Runnable action) {
        queue.add(new Pending(action, System.nanoTime() + delay.toNanos()));
    }
}
