package io.navarch.objects;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// `metav1.Time` (whole seconds) and `metav1.MicroTime` as text.
public final class Timestamps {
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final String USUAL = "0000-00-00T00:00:00Z";

    private Timestamps() {}

    public static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Digit by digit: every call that is written down has a few, and formatters are slow.
    public static String micros(Instant time) {
        var at = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (at.getYear() < 0 || at.getYear() > 9999) return MICRO.format(time);
        var text = "0000-00-00T00:00:00.000000Z".toCharArray();
        digits(text, 0, 4, at.getYear());
        digits(text, 5, 7, at.getMonthValue());
        digits(text, 8, 10, at.getDayOfMonth());
        digits(text, 11, 13, at.getHour());
        digits(text, 14, 16, at.getMinute());
        digits(text, 17, 19, at.getSecond());
        digits(text, 20, 26, at.getNano() / 1000);
        return new String(text);
    }

    private static void digits(char[] text, int from, int to, int number) {
        int rest = number;
        for (int i = to - 1; i >= from; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /// Reads a time, if the text is one.
    public static Optional<Instant> parse(String text) {
        if (text.isEmpty()) return Optional.empty();
        try {
            if (usual(text)) return Optional.of(usualTime(text));
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// Whether it has the form in which nearly all times come: an object has a dozen of them, and formatters are slow.
    private static boolean usual(String text) {
        if (text.length() != USUAL.length()) return false;
        for (int i = 0; i < USUAL.length(); i++) {
            char wanted = USUAL.charAt(i);
            char found = text.charAt(i);
            if (wanted == '0' ? found < '0' || found > '9' : found != wanted) return false;
        }
        return true;
    }

    private static Instant usualTime(String text) {
        return LocalDateTime.of(
                        number(text, 0, 4),
                        number(text, 5, 7),
                        number(text, 8, 10),
                        number(text, 11, 13),
                        number(text, 14, 16),
                        number(text, 17, 19))
                .toInstant(ZoneOffset.UTC);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
