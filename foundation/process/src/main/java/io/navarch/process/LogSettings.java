package io.navarch.process;

import java.util.List;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a process logs, and in which form.
///
/// @param verbosity as klog counts it: 0 for what everybody wants to know, 3 for each call of the API, 4 for more of
/// all, 6 for what this process does with itself
/// @param modules classes of which more or less is logged; the first that fits counts
public record LogSettings(Format format, int verbosity, List<Module> modules) {
    /// What a line is like.
    public enum Format {
        TEXT,
        JSON
    }

    /// @param pattern of a class's name: `*` stands for anything, `?` for one character
    public record Module(String pattern, int verbosity) {
        boolean fits(String name) {
            var regex = pattern.chars()
                    .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                    .collect(Collectors.joining());
            return name.matches(regex);
        }
    }

    public static final LogSettings USUAL = new LogSettings(Format.TEXT, 0, List.of());

    private static final int CALLS = 3;
    private static final int DETAILS = 4;
    private static final int ITSELF = 6;
    private static final int EVERYTHING = 8;

    /// The level that stands for a verbosity.
    static Level level(int verbosity) {
        if (verbosity < CALLS) return Level.INFO;
        if (verbosity < DETAILS) return Level.CONFIG;
        if (verbosity < ITSELF) return Level.FINE;
        return verbosity < EVERYTHING ? Level.FINER : Level.FINEST;
    }

    /// The least verbosity that shows a level.
    static int verbosity(Level level) {
        int value = level.intValue();
        if (value >= Level.INFO.intValue()) return 0;
        if (value >= Level.CONFIG.intValue()) return CALLS;
        if (value >= Level.FINE.intValue()) return DETAILS;
        return value >= Level.FINER.intValue() ? ITSELF : EVERYTHING;
    }

    /// The most that any class may log.
    int most() {
        return Math.max(
                verbosity, modules.stream().mapToInt(Module::verbosity).max().orElse(0));
    }

    /// How much a class may log, by its simple name.
    int of(String name) {
        for (var module : modules) if (module.fits(name)) return module.verbosity;
        return verbosity;
    }
}
