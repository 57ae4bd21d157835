package io.navarch.benchmarks.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A picture of what `goodput` printed: `OUTPUT FILE.svg`, a curve for each kind of call, over how much was offered,
/// both as a part of the capacity.
public final class GoodputChart {
    private static final Pattern KIND = Pattern.compile("goodput of (\\w+): capacity (\\d+) /s.*");
    private static final Pattern POINT = Pattern.compile(" *(\\d+)x +(\\d+) .*");
    private static final List<String> COLORS = List.of("#326ce5", "#e5813f");
    private static final int WIDTH = 520;
    private static final int HEIGHT = 260;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final double MOST_OFFERED = 10;
    private static final double MOST_ANSWERED = 1.25;

    private GoodputChart() {}

    private record Point(double offered, double answered) {}

    public static void main(String[] arguments) throws IOException {
        var curves = new LinkedHashMap<String, List<Point>>();
        String kind = "";
        double capacity = 1;
        for (var line : Files.readAllLines(Path.of(arguments[0]))) {
            var found = KIND.matcher(line);
            if (found.matches()) {
                kind = found.group(1) + ", " + found.group(2) + " /s";
                capacity = Double.parseDouble(found.group(2));
            }
            var point = POINT.matcher(line);
            if (point.matches())
                curves.computeIfAbsent(kind, name -> new ArrayList<>())
                        .add(new Point(
                                Double.parseDouble(point.group(1)), Double.parseDouble(point.group(2)) / capacity));
        }
        Files.writeString(Path.of(arguments[1]), svg(curves));
    }

    private static double x(double offered) {
        return LEFT + WIDTH * offered / MOST_OFFERED;
    }

    private static double y(double answered) {
        return TOP + HEIGHT * (1 - answered / MOST_ANSWERED);
    }

    private static String svg(LinkedHashMap<String, List<Point>> curves) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#fff"/>
                <text x="10" y="20" font-size="14" font-weight="bold">Answered in time, by what was asked for, both in capacities</text>
                <path d="M%d %dv%dh%d" fill="none" stroke="#999"/>
                <path d="M%d %.0fh%d" stroke="#ccc" stroke-dasharray="4"/>
                <text x="%d" y="%.0f" text-anchor="end">1</text>
                """,
                LEFT + WIDTH + 40,
                TOP + HEIGHT + 40,
                LEFT,
                TOP,
                HEIGHT,
                WIDTH,
                LEFT,
                y(1),
                WIDTH,
                LEFT - 8,
                y(1) + 4));
        for (int times : new int[] {1, 2, 5, 10})
            text.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\">%d×</text>%n",
                    x(times),
                    TOP + HEIGHT + 18,
                    times));
        int number = 0;
        for (var curve : curves.entrySet()) {
            var color = COLORS.get(number % COLORS.size());
            var points = new ArrayList<String>();
            for (var point : curve.getValue())
                points.add(String.format(Locale.ROOT, "%.1f,%.1f", x(point.offered), y(point.answered)));
            text.append(String.format(
                    Locale.ROOT,
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    String.join(" ", points),
                    color,
                    LEFT + WIDTH - 160,
                    TOP + HEIGHT - 40 + 18 * number,
                    color,
                    curve.getKey()));
            number++;
        }
        return text.append("</svg>\n").toString();
    }
}
