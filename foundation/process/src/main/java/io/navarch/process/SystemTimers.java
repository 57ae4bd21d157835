package io.navarch.process;

import java.time.Duration;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/// Real time. All pending actions share one queue and one virtual thread, so that tens of thousands of them are cheap.
public final class SystemTimers implements Timers {
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
        scope.every("timers", 0, () -> queue.take().action.run());
    }

    @Override
    public void pause(Duration length) throws InterruptedException {
        TaskScope.pause(length.toMillis());
    }

    @Override
    public void after(Duration delay, Runnable action) {
        queue.add(new Pending(action, System.nanoTime() + delay.toNanos()));
    }
}
