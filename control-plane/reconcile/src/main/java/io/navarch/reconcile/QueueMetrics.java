package io.navarch.reconcile;

import java.util.Locale;

/// What a work queue tells of itself, under the names that client-go's queues have.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`workqueue_*`)
final class QueueMetrics {
    /// Upper bounds in seconds: powers of ten from ten nanoseconds.
    private static final int BUCKETS = 10;

    private static final class Histogram {
        private final long[] counts = new long[BUCKETS + 1];
        private double sum;

        void observe(long nanos) {
            int bucket = 0;
            for (long bound = 10; bucket < BUCKETS && nanos > bound; bound *= 10) bucket++;
            counts[bucket]++;
            sum += nanos / 1e9;
        }

        void write(String metric, String name, StringBuilder into) {
            long below = 0;
            for (int i = 0; i <= BUCKETS; i++) {
                below += counts[i];
                var bound = i == BUCKETS ? "+Inf" : String.format(Locale.ROOT, "%g", Math.pow(10, i - 8));
                line(into, metric + "_bucket{name=\"" + name + "\",le=\"" + bound + "\"}", below);
            }
            line(into, metric + "_sum{name=\"" + name + "\"}", sum);
            line(into, metric + "_count{name=\"" + name + "\"}", below);
        }
    }

    private final Histogram queued = new Histogram();
    private final Histogram worked = new Histogram();
    private long adds;
    private long retries;

    void added() {
        adds++;
    }

    void retried() {
        retries++;
    }

    void taken(long waitedNanos) {
        queued.observe(waitedNanos);
    }

    void done(long workedNanos) {
        worked.observe(workedNanos);
    }

    /// In Prometheus' text format.
    void write(String name, int depth, StringBuilder into) {
        line(into, "workqueue_adds_total{name=\"" + name + "\"}", adds);
        line(into, "workqueue_depth{name=\"" + name + "\"}", depth);
        line(into, "workqueue_retries_total{name=\"" + name + "\"}", retries);
        queued.write("workqueue_queue_duration_seconds", name, into);
        worked.write("workqueue_work_duration_seconds", name, into);
    }

    private static void line(StringBuilder into, String metric, Object value) {
        into.append(metric).append(' ').append(value).append('\n');
    }
}
