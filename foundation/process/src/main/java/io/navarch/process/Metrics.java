package io.navarch.process;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The metrics of this process in Prometheus' text format. Not a library's, because those add `_total` to counters that
/// Kubernetes names without it.
///
/// No metric has more than [#MOST_SERIES] sets of label values, no histogram more than [#MOST_HISTOGRAMS], whoever
/// chooses them: what comes later is added
/// up under the one whose labels are all [#OTHER], and counted in `navarch_metrics_overflow_total`.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
public final class Metrics {
    static final int MOST_SERIES = 10_000;
    /// Each of them is as many lines as it has buckets.
    static final int MOST_HISTOGRAMS = 2_000;
    static final String OTHER = "other";
    private static final Metric OVERFLOW = Metric.counter(
            "navarch_metrics_overflow_total", "[ALPHA] Samples whose labels were too many to be kept apart.", "metric");

    /// What has been recorded under one set of label values.
    private sealed interface Series {
        void add(double value);

        void write(Metric metric, String labels, StringBuilder into);
    }

    private static final class Sum implements Series {
        private final DoubleAdder sum = new DoubleAdder();

        @Override
        public void add(double value) {
            sum.add(value);
        }

        @Override
        public void write(Metric metric, String labels, StringBuilder into) {
            line(into, metric.name(), labels, sum.sum());
        }
    }

    /// The bounds of a histogram's buckets, and what its lines say of them.
    private record Buckets(double[] bounds, List<String> labels) {
        static Buckets of(Metric metric) {
            var bounds =
                    metric.bounds().stream().mapToDouble(Double::doubleValue).toArray();
            var labels = new ArrayList<String>();
            for (double bound : bounds) labels.add("le=\"" + number(bound) + "\"");
            labels.add("le=\"+Inf\"");
            return new Buckets(bounds, List.copyOf(labels));
        }
    }

    private static final class Histogram implements Series {
        private final Buckets buckets;
        private final long[] counts;
        private double sum;

        Histogram(Buckets buckets) {
            this.buckets = buckets;
            counts = new long[buckets.labels.size()];
        }

        @Override
        public synchronized void add(double value) {
            int found = Arrays.binarySearch(buckets.bounds, value);
            counts[found >= 0 ? found : -found - 1]++;
            sum += value;
        }

        @Override
        public synchronized void write(Metric metric, String labels, StringBuilder into) {
            long below = 0;
            for (int i = 0; i < counts.length; i++) {
                below += counts[i];
                into.append(metric.name()).append("_bucket{");
                if (!labels.isEmpty()) into.append(labels).append(',');
                into.append(buckets.labels.get(i)).append("} ");
                into.append(number(below)).append('\n');
            }
            line(into, metric.name() + "_sum", labels, sum);
            line(into, metric.name() + "_count", labels, below);
        }
    }

    private final class Summary implements Series {
        private final Quantiles quantiles = new Quantiles();

        @Override
        public void add(double value) {
            quantiles.add(value, nanos.getAsLong());
        }

        @Override
        public void write(Metric metric, String labels, StringBuilder into) {
            var seen = quantiles.seen(nanos.getAsLong());
            seen.quantiles().forEach((quantile, value) -> {
                var label = "quantile=\"" + number(quantile) + "\"";
                line(into, metric.name(), labels.isEmpty() ? label : labels + "," + label, value);
            });
            line(into, metric.name() + "_sum", labels, seen.sum());
            line(into, metric.name() + "_count", labels, seen.count());
        }
    }

    private record Family(Metric metric, Buckets buckets, Map<List<String>, Series> series) {}

    private final LongSupplier nanos;
    private final Map<String, Family> families = new ConcurrentHashMap<>();
    private final List<Supplier<Collection<Metric.Sample>>> gauges = new CopyOnWriteArrayList<>();

    public Metrics() {
        this(System::nanoTime);
    }

    /// @param nanos the time, as [System#nanoTime] tells it
    Metrics(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Makes a metric known before anything is recorded.
    public void declare(Metric metric) {
        family(metric);
    }

    private Family family(Metric metric) {
        return families.computeIfAbsent(metric.name(), name -> empty(metric));
    }

    private static Family empty(Metric metric) {
        return new Family(metric, Buckets.of(metric), new ConcurrentHashMap<>());
    }

    /// Adds to a counter, a gauge, a histogram or a summary.
    public void record(Metric.Sample sample) {
        series(family(sample.metric()), sample).add(sample.value());
    }

    private Series series(Family family, Metric.Sample sample) {
        var labels = sample.labels();
        var known = family.series.get(labels);
        if (known != null) return known;
        // Threads that come at the same time may each add one more.
        int most = family.metric.type() == Metric.Type.HISTOGRAM ? MOST_HISTOGRAMS : MOST_SERIES;
        boolean full = family.series.size() >= most && !labels.isEmpty();
        if (full) record(OVERFLOW.once(family.metric.name()));
        return family.series.computeIfAbsent(
                full ? Collections.nCopies(labels.size(), OTHER) : labels, values -> empty(family));
    }

    private Series empty(Family family) {
        var metric = family.metric;
        return switch (metric.type()) {
            case HISTOGRAM -> new Histogram(family.buckets);
            case SUMMARY -> new Summary();
            case COUNTER, GAUGE -> new Sum();
        };
    }

    /// Gauges that are computed whenever the metrics are read.
    public void registerGauges(Supplier<Collection<Metric.Sample>> state) {
        gauges.add(state);
    }

    /// All metrics, sorted by name.
    public String text() {
        var now = new TreeMap<String, Family>();
        for (var state : gauges)
            for (var sample : state.get())
                series(now.computeIfAbsent(sample.metric().name(), name -> empty(sample.metric())), sample)
                        .add(sample.value());
        var all = new TreeMap<>(families);
        all.putAll(now);
        var text = new StringBuilder();
        all.values().forEach(family -> write(family, text));
        return text.toString();
    }

    private static void write(Family family, StringBuilder into) {
        var metric = family.metric;
        into.append("# HELP ")
                .append(metric.name())
                .append(' ')
                .append(metric.help())
                .append('\n');
        into.append("# TYPE ")
                .append(metric.name())
                .append(' ')
                .append(metric.type().name().toLowerCase(Locale.ROOT))
                .append('\n');
        family.series.forEach((values, series) -> {
            var labels = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                if (i > 0) labels.append(',');
                labels.append(metric.labels().get(i)).append("=\"");
                labels.append(values.get(i)
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n"));
                labels.append('"');
            }
            series.write(metric, labels.toString(), into);
        });
    }

    private static void line(StringBuilder into, String name, String labels, double value) {
        into.append(name);
        if (!labels.isEmpty()) into.append('{').append(labels).append('}');
        into.append(' ').append(number(value)).append('\n');
    }

    /// As Go writes numbers, because clients compare the labels of buckets as text: `3`, `0.004`, `1e-08`, `1e+06`.
    static String number(double value) {
        if (Double.isInfinite(value)) return value > 0 ? "+Inf" : "-Inf";
        if (Double.isNaN(value)) return "NaN";
        // What most are: counts.
        if (value == Math.rint(value) && Math.abs(value) < 1e6) return Long.toString((long) value);
        var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 6) return exact.toPlainString();
        var digits = exact.unscaledValue().abs().toString();
        var mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
