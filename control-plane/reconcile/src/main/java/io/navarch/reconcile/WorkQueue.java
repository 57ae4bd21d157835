package io.navarch.reconcile;

import io.navarch.objects.ApiException;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys to be worked on: each by at most one worker at a time, whatever happens meanwhile; those that fail wait longer
/// and longer.
public final class WorkQueue<K> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

    private record Delayed<K>(long at, K key) {}

    private final Backoff backoff;
    private final QueueMetrics metrics;

    // All below is guarded by the monitor. A key is delayed, ready or being worked on; one that is added while it is
    // worked on becomes ready again afterwards.

    /// When each became ready.
    private final LinkedHashMap<K, Long> ready = new LinkedHashMap<>();

    /// Since when each has been worked on.
    private final Map<K, Long> working = new HashMap<>();

    private final Set<K> again = new HashSet<>();
    private final Map<K, Integer> failures = new HashMap<>();

    /// The earliest time of each delayed key; entries of the queue with other times are stale.
    private final Map<K, Long> due = new HashMap<>();

    private final PriorityQueue<Delayed<K>> delayed = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));

    /// @param name under which its metrics are recorded
    public WorkQueue(Backoff backoff, String name, Metrics metrics) {
        this.backoff = backoff;
        this.metrics = new QueueMetrics(metrics, name, this::depth, this::running);
    }

    public synchronized void add(K key) {
        if (working.containsKey(key)) again.add(key);
        else if (ready.putIfAbsent(key, System.nanoTime()) == null) {
            metrics.added();
            notify();
        }
    }

    /// Of several times for one key the earliest counts.
    public synchronized void addAfter(K key, Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        var known = due.get(key);
        if (known != null && known <= at) return;
        due.put(key, at);
        delayed.add(new Delayed<>(at, key));
        notify();
    }

    public synchronized K take() throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            for (var next = delayed.peek(); next != null && next.at <= now; next = delayed.peek()) {
                delayed.remove();
                if (due.remove(next.key, next.at)) add(next.key);
            }
            var first = ready.pollFirstEntry();
            if (first != null) {
                metrics.taken(now - first.getValue());
                working.put(first.getKey(), now);
                return first.getKey();
            }
            var next = delayed.peek();
            if (next == null) wait();
            else wait(Math.max(1, (next.at - now) / 1_000_000));
        }
    }

    public synchronized void done(K key, boolean failed) {
        Long since = working.remove(key);
        if (since == null) throw new IllegalStateException(key + " is not being worked on");
        metrics.done(System.nanoTime() - since);
        boolean wanted = again.remove(key);
        if (failed) metrics.retried();
        if (failed) addAfter(key, backoff.after(failures.merge(key, 1, Integer::sum)));
        else failures.remove(key);
        if (wanted) add(key);
    }

    /// A pass over one key.
    @FunctionalInterface
    public interface Pass<K> {
        /// @return false when the key must come back
        boolean over(K key) throws InterruptedException;
    }

    /// Works on keys until the thread is interrupted; what fails comes back later and later.
    ///
    /// @param worker as the log names it
    public void process(String worker, Pass<K> pass) throws InterruptedException {
        while (true) {
            var key = take();
            boolean failed = true;
            try {
                failed = !pass.over(key);
            } catch (ApiException e) {
                // Somebody else was faster; the caches will say so.
                boolean ordinary =
                        e.reason() == ApiException.Reason.CONFLICT || e.reason() == ApiException.Reason.NOT_FOUND;
                if (ordinary) LOG.debug("{} {}: {}", worker, key, e.getMessage());
                else LOG.warn("{} {}: {}", worker, key, e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("{} {}", worker, key, e);
            } finally {
                done(key, failed);
            }
        }
    }

    private synchronized int depth() {
        return ready.size();
    }

    private synchronized LongSummaryStatistics running() {
        long now = System.nanoTime();
        return working.values().stream().mapToLong(since -> now - since).summaryStatistics();
    }
}
