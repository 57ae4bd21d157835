package io.navarch.benchmarks.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A picture of what [Soak] printed: `OUTPUT FILE.svg`, one small diagram over time for each column.
public final class SoakChart {
    private static final List<String> COLUMNS = List.of(
            "rounds a minute",
            "p99 of writes, ms",
            "failed rounds",
            "resident, MiB",
            "live, MiB",
            "open files",
            "threads",
            "store, MiB",
            "CPU, cores");
    private static final int WIDTH = 300;
    private static final int HEIGHT = 110;

    private SoakChart() {}

    public static void main(String[] arguments) throws IOException {
        var rows = Files.readAllLines(Path.of(arguments[0])).stream()
                .map(line -> line.strip().split(" +"))
                .filter(words -> words.length == COLUMNS.size() + 1 && Character.isDigit(words[0].charAt(0)))
                .toList();
        var text = new StringBuilder();
        text.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n"
                        .formatted(3 * WIDTH, (COLUMNS.size() + 2) / 3 * HEIGHT));
        for (int i = 0; i < COLUMNS.size(); i++) text.append(diagram(rows, i));
        Files.writeString(Path.of(arguments[1]), text.append("</svg>\n"));
    }

    private static String diagram(List<String[]> rows, int column) {
        int left = column % 3 * WIDTH + 20;
        int top = column / 3 * HEIGHT + 30;
        int width = WIDTH - 90;
        int height = HEIGHT - 45;
        double most = 0;
        double last = 0;
        double end = 0;
        for (var row : rows) {
            end = Double.parseDouble(row[0]);
            if (row[column + 1].equals("-")) continue;
            last = Double.parseDouble(row[column + 1]);
            most = Math.max(most, last);
        }
        var points = new ArrayList<String>();
        for (var row : rows) {
            if (row[column + 1].equals("-")) continue;
            points.add(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    left + width * Double.parseDouble(row[0]) / Math.max(end, 0.1),
                    top + height - height * Double.parseDouble(row[column + 1]) / Math.max(most, 1e-9)));
        }
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" font-weight="bold">%s</text>
                <path d="M%d %dv%dh%d" fill="none" stroke="#999"/>
                <polyline points="%s" fill="none" stroke="#326ce5" stroke-width="1.5"/>
                <text x="%d" y="%d" fill="#333">%.4g (most %.4g)</text>
                """,
                left,
                top - 8,
                COLUMNS.get(column),
                left,
                top,
                height,
                width,
                String.join(" ", points),
                left + width - 60,
                top - 8,
                last,
                most);
    }
}
