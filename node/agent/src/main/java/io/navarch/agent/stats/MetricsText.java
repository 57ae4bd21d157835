package io.navarch.agent.stats;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Metrics in Prometheus' text format, each with the time at which it was read.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
public final class MetricsText {
    /// What a metric's numbers do.
    public enum Kind {
        COUNTER,
        GAUGE
    }

    private record Family(Kind kind, String help, List<String> lines) {}

    private final Map<String, Family> families = new TreeMap<>();

    /// @param labels names and values, in turn
    public MetricsText add(Kind kind, String name, String help, double value, Instant time, String... labels) {
        return line(kind, name, help, value, " " + time.toEpochMilli(), labels);
    }

    /// @param labels names and values, in turn
    public MetricsText add(Kind kind, String name, String help, double value, String... labels) {
        return line(kind, name, help, value, "", labels);
    }

    private MetricsText line(Kind kind, String name, String help, double value, String time, String... labels) {
        families.computeIfAbsent(name, key -> new Family(kind, help, new ArrayList<>()))
                .lines
                .add(name + labels(labels) + " " + number(value) + time);
        return this;
    }

    private static String labels(String... labels) {
        if (labels.length == 0) return "";
        var text = new StringBuilder("{");
        for (int i = 0; i < labels.length; i += 2) {
            if (i > 0) text.append(',');
            text.append(labels[i]).append("=\"").append(escaped(labels[i + 1])).append('"');
        }
        return text.append('}').toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : BigDecimal.valueOf(value).toString().replace("E", "e");
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# HELP ").append(name).append(' ').append(family.help).append('\n');
            text.append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(family.kind.name().toLowerCase(Locale.ROOT))
                    .append('\n');
            family.lines.forEach(line -> text.append(line).append('\n'));
        });
        return text.toString();
    }
}
