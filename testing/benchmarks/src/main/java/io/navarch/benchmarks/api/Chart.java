package io.navarch.benchmarks.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Pictures of what a run printed: `OUTPUT FOLDER` writes `rates.svg` and `delays.svg`.
public final class Chart {
    private static final Pattern RATE =
            Pattern.compile("(?m)^(\\w+) +(\\d+) clients +([\\d,]+) /s .*p99 +([\\d,]+) µs +CPU ([\\d.]+) ms");
    private static final Pattern DELAY =
            Pattern.compile("(?m)^ *([\\d,]+ watchers[^,]*), ([\\d,]+) writes/s .*p50 ([\\d.]+) ms, p99 ([\\d.]+) ms");
    private static final int ROW = 22;
    private static final int LEFT = 270;
    private static final int WIDTH = 420;

    private Chart() {}

    /// @param note what stands behind the bar
    private record Bar(String label, double value, String note) {}

    public static void main(String[] arguments) throws IOException {
        var output = Files.readString(Path.of(arguments[0]));
        var folder = Files.createDirectories(Path.of(arguments[1]));
        var rates = new ArrayList<Bar>();
        for (var found = RATE.matcher(output); found.find(); ) {
            var calls = found.group(3);
            rates.add(new Bar(
                    found.group(1) + ", " + found.group(2) + (found.group(2).equals("1") ? " client" : " clients"),
                    number(calls),
                    calls.replace(',', ' ') + " /s, " + found.group(5) + " ms CPU"));
        }
        Files.writeString(folder.resolve("rates.svg"), svg("Calls a second, and the server's CPU for each", rates));
        var delays = new ArrayList<Bar>();
        for (var found = DELAY.matcher(output); found.find(); ) {
            delays.add(new Bar(found.group(1) + ", p50", number(found.group(3)), found.group(3) + " ms"));
            delays.add(new Bar(found.group(1) + ", p99", number(found.group(4)), found.group(4) + " ms"));
        }
        Files.writeString(
                folder.resolve("delays.svg"), svg("From a write to the event at a watcher, 1 000 writes/s", delays));
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace(",", ""));
    }

    private static String svg(String title, List<Bar> bars) {
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        int height = 40 + bars.size() * ROW;
        var text = new StringBuilder();
        text.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#fff"/>
                <text x="10" y="20" font-size="14" font-weight="bold">%s</text>
                """.formatted(LEFT + WIDTH + 190, height, title));
        for (int i = 0; i < bars.size(); i++) {
            var bar = bars.get(i);
            int y = 34 + i * ROW;
            text.append("""
                    <text x="%d" y="%d" text-anchor="end">%s</text>
                    <rect x="%d" y="%d" width="%.1f" height="%d" fill="#326ce5"/>
                    <text x="%.1f" y="%d" fill="#333">%s</text>
                    """.formatted(
                            LEFT - 8,
                            y + 13,
                            bar.label,
                            LEFT,
                            y + 2,
                            bar.value / most * WIDTH,
                            ROW - 6,
                            LEFT + bar.value / most * WIDTH + 6,
                            y + 13,
                            bar.note));
        }
        return text.append("</svg>\n").toString();
    }
}
