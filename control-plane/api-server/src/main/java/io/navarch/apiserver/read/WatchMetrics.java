package io.navarch.apiserver.read;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.objects.Encoded;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.io.IOException;

/// Counts the events that watches are sent.
public final class WatchMetrics {
    private static final Metric EVENTS = Metric.counter(
            "apiserver_watch_events_total", "[ALPHA] Events that watches were sent.", "group", "version", "resource");
    private static final Metric SIZES = Metric.histogram(
            "apiserver_watch_events_sizes",
            "[ALPHA] Sizes of the events that watches were sent, in bytes.",
            Metric.exponential(1024, 2, 8),
            "group",
            "version",
            "resource");

    private final Metrics metrics;

    public WatchMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /// The same sink, of which every event is counted.
    WatchSink counting(Endpoint endpoint, WatchSink sink) {
        var kind = endpoint.kind();
        var one = EVENTS.once(kind.group(), endpoint.version().name(), kind.plural());
        return new Counting(sink, one);
    }

    private final class Counting implements WatchSink {
        private final WatchSink sink;
        private final Metric.Sample one;

        Counting(WatchSink sink, Metric.Sample one) {
            this.sink = sink;
            this.one = one;
        }

        private void count(int size) {
            metrics.record(one);
            metrics.record(new Metric.Sample(SIZES, size, one.labels()));
        }

        @Override
        public void event(String type, Encoded object) throws IOException {
            count(object.json().length);
            sink.event(type, object);
        }

        @Override
        public void frame(byte[] bytes) throws IOException {
            count(bytes.length);
            sink.frame(bytes);
        }

        @Override
        public boolean ready() {
            return sink.ready();
        }

        @Override
        public void settle() throws IOException {
            sink.settle();
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
