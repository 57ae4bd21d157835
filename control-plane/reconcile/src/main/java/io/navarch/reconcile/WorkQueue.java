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

/// Keys to be worked on: each at most once at a time, whatever happens meanwhile; failures wait longer and longer.
public final class WorkQueue<K> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

    private record Delayed<K>(long at, K key) {}

    private final Backoff backoff;
    /// Since when each has been ready, or is worked on.
    private final LinkedHashMap<K, Long> ready = new LinkedHashMap<>();

    private final Map<K, Long> working = new HashMap<>();
    private final QueueMetrics metrics;
    private final Set<K> again = new HashSet<>();
    private final Map<K, Long> due = new HashMap<>();
    private final Map<K, Integer> failures = new HashMap<>();
    private final PriorityQueue<Delayed<K>> delayed = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));

    /// @param name under which its metrics are told
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
            while (!delayed.isEmpty() && delayed.peek().at <= now) {
                var next = delayed.poll();
                if (due.remove(next.key, next.at)) add(next.key);
            }
            var first = ready.pollFirstEntry();
            if (first != null) {
                metrics.taken(now - first.getValue());
                working.put(first.getKey(), now);
                return first.getKey();
            }
            if (delayed.isEmpty()) wait();
            else wait(Math.max(1, (delayed.peek().at - now) / 1_000_000));
        }
    }

    public synchronized void done(K key, boolean failed) {
        metrics.done(System.nanoTime() - working.remove(key));
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
