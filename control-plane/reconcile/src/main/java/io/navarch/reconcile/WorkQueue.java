package io.navarch.reconcile;

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

/// Keys to be worked on: each at most once at a time, whatever happens meanwhile; failures wait longer and longer.
public final class WorkQueue<K> {
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

    public synchronized int failures(K key) {
        return failures.getOrDefault(key, 0);
    }

    private synchronized int depth() {
        return ready.size();
    }

    private synchronized LongSummaryStatistics running() {
        long now = System.nanoTime();
        return working.values().stream().mapToLong(since -> now - since).summaryStatistics();
    }
}
