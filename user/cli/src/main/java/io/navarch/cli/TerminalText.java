package io.navarch.cli;

import java.util.regex.Pattern;

/// What others have written, for a terminal: it would obey to characters that are for it.
public final class TerminalText {
    /// Control characters but the tab, those that change the direction of writing, and other ends of lines.
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\t]]");

    private static final int LONGEST = 1000;

    private TerminalText() {}

    /// In one line.
    public static String of(String text) {
        boolean cut = text.length() > LONGEST;
        return UNSHOWN.matcher(cut ? text.substring(0, LONGEST) : text).replaceAll("\uFFFD") + (cut ? "…" : "");
    }
}
