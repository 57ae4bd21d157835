package io.navarch.tracing;

import io.navarch.process.LogRate;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Spans that are to be sent, several at a time. Nobody waits for a collector: a span for which there is no room, or
/// that nobody takes, is lost and counted.
public final class SpanQueue {
    private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);

    /// As OpenTelemetry's own libraries have it.
    private static final int MOST = 2048;

    private static final int BATCH = 512;
    static final Duration WAIT = Duration.ofSeconds(5);

    private static final Metric SENT =
            Metric.counter("navarch_tracing_spans_total", "Spans that a collector of traces has taken.");
    private static final Metric DROPPED = Metric.counter(
            "navarch_tracing_spans_dropped_total", "Spans that were lost, by why: full, or not taken.", "reason");

    /// Whoever collects spans.
    public interface Collector {
        /// @throws IOException when it has not taken them
        void export(byte[] request) throws IOException;
    }

    private final Collector collector;
    private final Map<String, Object> resource;
    private final Metrics metrics;
    private final Duration wait;
    private final LogRate told = new LogRate(1.0 / 60, 1, System::nanoTime);
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST);

    /// @param resource what is said of this process
    public SpanQueue(Collector collector, Map<String, Object> resource, Metrics metrics) {
        this(collector, resource, metrics, WAIT);
    }

    /// @param wait how long a span waits for others
    SpanQueue(Collector collector, Map<String, Object> resource, Metrics metrics, Duration wait) {
        this.collector = collector;
        this.resource = resource;
        this.metrics = metrics;
        this.wait = wait;
        metrics.record(SENT.of(0));
        metrics.declare(DROPPED);
    }

    void add(List<Span> spans) {
        int lost = 0;
        for (var span : spans) if (!waiting.offer(SpanMessages.span(span))) lost++;
        if (lost > 0) metrics.record(DROPPED.of(lost, "full"));
    }

    /// Begins to send.
    public void start(TaskScope scope) {
        scope.every("tracing", 0, this::send);
    }

    private void send() throws InterruptedException {
        var batch = new ArrayList<byte[]>();
        batch.add(waiting.take());
        long end = System.nanoTime() + wait.toNanos();
        while (batch.size() < BATCH) {
            waiting.drainTo(batch, BATCH - batch.size());
            if (batch.size() == BATCH) break;
            var next = waiting.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) break;
            batch.add(next);
        }
        try {
            collector.export(SpanMessages.request(resource, batch));
            metrics.record(SENT.of(batch.size()));
        } catch (IOException e) {
            metrics.record(DROPPED.of(batch.size(), "not taken"));
            told.next().ifPresent(left -> LOG.warn("traces do not get to their collector: {}", e.getMessage()));
        }
    }
}
