package io.navarch.apps.lifecycle;

import java.util.List;
import java.util.OptionalDouble;

/// Numbers one after the other, as a line of text: the higher, the fuller.
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /// @param values of which none is negative; an empty one leaves a gap
    static String of(List<OptionalDouble> values) {
        double most =
                values.stream().flatMapToDouble(OptionalDouble::stream).max().orElse(0);
        var line = new StringBuilder();
        for (var value : values) line.append(value.isEmpty() ? ' ' : bar(value.getAsDouble(), most));
        return line.toString();
    }

    private static char bar(double value, double most) {
        if (most <= 0) return BARS.charAt(0);
        return BARS.charAt((int) Math.min(BARS.length() - 1, value / most * BARS.length()));
    }
}
