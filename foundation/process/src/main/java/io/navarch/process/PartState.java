package io.navarch.process;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What somebody who keeps a part alive has written down of it, for others to read: a line a value.
///
/// @param keeper the process that writes this, 0 when it is the part's own
/// @param restarts how often the part was started again
/// @param next when it will be, while it waits
public record PartState(Phase phase, long keeper, int restarts, Optional<Death> death, Instant next) {
    public static final PartState UNKNOWN = new PartState(Phase.UNKNOWN, 0, 0, Optional.empty(), Instant.EPOCH);

    private static final int MOST_TEXT = 500;

    public enum Phase {
        RUNNING,
        WAITING,
        /// It ended in a way that a further start would not change.
        REFUSED,
        /// It was told to end.
        STOPPED,
        /// Nobody has written anything.
        UNKNOWN;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param why such as an exit code or a signal
    /// @param last the last line that the part said, `""` when there is none
    public record Death(Instant when, String why, String last) {
        /// One line.
        public String told() {
            return why + (last.isEmpty() ? "" : "; it last said: " + last);
        }
    }

    public String text() {
        var text = new StringBuilder()
                .append("phase=" + phase.word() + "\n")
                .append("supervisor=" + keeper + "\n")
                .append("restarts=" + restarts + "\n")
                .append("next=" + next.getEpochSecond() + "\n");
        death.ifPresent(end -> text.append("died=" + end.when.getEpochSecond() + "\n")
                .append("why=" + line(end.why) + "\n")
                .append("last=" + line(end.last) + "\n"));
        return text.toString();
    }

    /// Whatever the text is: what cannot be read counts as not known.
    public static PartState parse(String text) {
        var values = new HashMap<String, String>();
        text.lines().limit(32).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) values.put(line.substring(0, equals), line(line.substring(equals + 1)));
        });
        var phase = Phase.UNKNOWN;
        for (var each : Phase.values()) if (each.word().equals(values.getOrDefault("phase", ""))) phase = each;
        long died = number(values, "died");
        var death = died == 0
                ? Optional.<Death>empty()
                : Optional.of(new Death(time(died), values.getOrDefault("why", ""), values.getOrDefault("last", "")));
        return new PartState(
                phase,
                number(values, "supervisor"),
                (int) Math.clamp(number(values, "restarts"), 0, Integer.MAX_VALUE),
                death,
                time(number(values, "next")));
    }

    private static long number(Map<String, String> values, String name) {
        try {
            return Long.parseLong(values.getOrDefault(name, "0").split(" ")[0]);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Instant time(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /// One line of limited length that speaks to no terminal.
    private static String line(String text) {
        var line = text.codePoints()
                .limit(MOST_TEXT)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return line.toString().strip();
    }
}
