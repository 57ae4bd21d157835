package io.navarch.process;

import java.util.ArrayList;
import java.util.List;

/// A metric as Prometheus knows it, under the name that Kubernetes gives it.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/
///
/// @param help begins with how stable Kubernetes promises it to be: `[STABLE]`, `[BETA]`, `[ALPHA]`
/// @param labels the names of the labels; samples give their values in this order
/// @param bounds the upper bounds of a histogram's buckets, ascending, without the infinite one
public record Metric(Type type, String name, String help, List<String> labels, List<Double> bounds) {
    public enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        SUMMARY
    }

    /// One record: the increase of a counter, the value of a gauge, one observation of a histogram or a summary.
    public record Sample(Metric metric, double value, List<String> labels) {
        public Sample {
            if (labels.size() != metric.labels.size())
                throw new IllegalArgumentException(metric.name + " has labels " + metric.labels + ", not " + labels);
        }
    }

    public static Metric counter(String name, String help, String... labels) {
        return new Metric(Type.COUNTER, name, help, List.of(labels), List.of());
    }

    public static Metric gauge(String name, String help, String... labels) {
        return new Metric(Type.GAUGE, name, help, List.of(labels), List.of());
    }

    public static Metric histogram(String name, String help, List<Double> bounds, String... labels) {
        return new Metric(Type.HISTOGRAM, name, help, List.of(labels), bounds);
    }

    /// Quantiles of what was observed in the last hours, besides its sum.
    public static Metric summary(String name, String help, String... labels) {
        return new Metric(Type.SUMMARY, name, help, List.of(labels), List.of());
    }

    /// `count` bounds, each `factor` times the one before.
    public static List<Double> exponential(double first, double factor, int count) {
        var result = new ArrayList<Double>();
        for (double bound = first; result.size() < count; bound *= factor) result.add(bound);
        return List.copyOf(result);
    }

    public Sample of(double value, String... labelValues) {
        return new Sample(this, value, List.of(labelValues));
    }

    public Sample once(String... labelValues) {
        return of(1, labelValues);
    }
}
