package io.navarch.apps.lifecycle;

import java.io.PrintStream;
import java.util.Locale;

/// Tells on the terminal what goes on, a line a step, with the time since the start and the time of the step.
final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();
    private long stepStart = start;
    private String shown = "";

    Progress(PrintStream out) {
        this.out = out;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%5.1f s", nanos / 1e9);
    }

    void step(String text) {
        stepStart = System.nanoTime();
        shown = "";
        out.println("[" + seconds(stepStart - start) + "] " + text);
    }

    /// A line about the current step; the same again is not repeated.
    void detail(String text) {
        if (text.equals(shown)) return;
        shown = text;
        out.println("           " + text);
    }

    void done(String text) {
        out.println("[" + seconds(System.nanoTime() - start) + "] " + text + " ("
                + seconds(System.nanoTime() - stepStart).strip() + ")");
    }
}
