package io.navarch.apps.lifecycle;

import io.navarch.resourcemetrics.UsageBucket;
import io.navarch.resourcemetrics.UsageBucket.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A day, or a part of it, as a table with a line for each node or pod. Pure.
///
/// @param buckets the oldest first
/// @param each how long one of them is
record TopReport(List<UsageBucket> buckets, Duration each, Instant begin, Instant end) {
    private static final int CELLS = 48;
    private static final long MEBI = 1 << 20;

    /// Numbers of one thing, a cell for each of the parts that the time has.
    private record Series(List<OptionalDouble> cells) {
        double average() {
            return cells.stream()
                    .flatMapToDouble(OptionalDouble::stream)
                    .average()
                    .orElse(0);
        }

        double most() {
            return cells.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
        }

        Optional<Double> last() {
            var last = cells.getLast();
            return last.isPresent() ? Optional.of(last.getAsDouble()) : Optional.empty();
        }
    }

    /// How busy the API was.
    List<String> server() {
        var rate = series(bucket -> Optional.of((double) bucket.calls() / bucket.seconds()));
        return table(
                List.of("SERVER", "NOW", "AVG", "MAX", "REQUESTS PER SECOND"),
                List.of(row("api", rate, value -> String.format("%.1f", value))));
    }

    List<String> nodes() {
        return both("NODE", UsageBucket::nodes, Function.identity(), Integer.MAX_VALUE);
    }

    /// @param namespace `""` for all
    /// @param most lines
    List<String> pods(String namespace, int most) {
        return both(
                "POD",
                bucket -> namespace.isEmpty() ? bucket.pods() : of(bucket.pods(), namespace + "/"),
                name -> namespace.isEmpty() ? name : name.substring(namespace.length() + 1),
                most);
    }

    private static Map<String, Taken> of(Map<String, Taken> pods, String begin) {
        return pods.entrySet().stream()
                .filter(each -> each.getKey().startsWith(begin))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<String> both(
            String head, Function<UsageBucket, Map<String, Taken>> part, Function<String, String> shown, int most) {
        var names = new TreeSet<String>();
        for (var bucket : buckets) names.addAll(part.apply(bucket).keySet());
        var lines = new ArrayList<String>();
        lines.addAll(measured(
                List.of(head, "NOW", "AVG", "MAX", "CPU (CORES)"),
                names,
                part,
                shown,
                most,
                Taken::cpu,
                value -> Math.round(value) + "m"));
        lines.add("");
        lines.addAll(measured(
                List.of(head, "NOW", "AVG", "MAX", "MEMORY"),
                names,
                part,
                shown,
                most,
                Taken::memory,
                value -> Math.round(value / MEBI) + "Mi"));
        return lines;
    }

    private List<String> measured(
            List<String> head,
            TreeSet<String> names,
            Function<UsageBucket, Map<String, Taken>> part,
            Function<String, String> shown,
            int most,
            ToDoubleFunction<Taken> number,
            Function<Double, String> text) {
        record Named(String name, Series series) {}
        var rows = names.stream()
                .map(name -> new Named(
                        name,
                        series(bucket -> Optional.ofNullable(part.apply(bucket).get(name))
                                .map(number::applyAsDouble))))
                .sorted(Comparator.comparingDouble((Named each) -> each.series.average())
                        .reversed()
                        .thenComparing(Named::name))
                .limit(most)
                .map(each -> row(shown.apply(each.name), each.series, text))
                .toList();
        return table(head, rows);
    }

    private static List<String> row(String name, Series series, Function<Double, String> text) {
        return List.of(
                name,
                series.last().map(text).orElse("-"),
                text.apply(series.average()),
                text.apply(series.most()),
                Sparkline.of(series.cells));
    }

    private Series series(Function<UsageBucket, Optional<Double>> number) {
        int count =
                (int) Math.max(1, Math.min(CELLS, Duration.between(begin, end).dividedBy(each)));
        double length = (double) Duration.between(begin, end).toMillis() / count;
        var sums = new double[count];
        var found = new int[count];
        for (var bucket : buckets) {
            var value = number.apply(bucket);
            if (value.isEmpty()) continue;
            // What is not over yet ends now.
            long at = Duration.between(begin, bucket.time()).toMillis() + each.toMillis() / 2;
            int cell = (int) Math.clamp((long) (at / length), 0, count - 1);
            sums[cell] += value.get();
            found[cell]++;
        }
        return new Series(IntStream.range(0, count)
                .mapToObj(i -> found[i] == 0 ? OptionalDouble.empty() : OptionalDouble.of(sums[i] / found[i]))
                .toList());
    }

    private static List<String> table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) return List.of("no " + head.getFirst().toLowerCase(Locale.ROOT) + " was measured");
        var all = new ArrayList<List<String>>();
        all.add(head);
        all.addAll(rows);
        var widths = new int[head.size()];
        for (var row : all)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        return all.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(i -> cell(row.get(i), widths[i], i))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
                .toList();
    }

    /// Numbers stand below each other.
    private static String cell(String text, int width, int column) {
        var space = " ".repeat(width - text.length());
        return column == 0 || column == 4 ? text + space : space + text;
    }
}
