package io.navarch.schema.walk;

import java.time.YearMonth;
import java.util.Optional;

/// Finds out where a text leaves a layout of Go's `time` package, and says so in its words.
final class GoTime {
    static final String SECONDS = "2006-01-02T15:04:05Z07:00";
    static final String MICROS = "2006-01-02T15:04:05.000000Z07:00";

    private final String layout;
    private final String text;
    private int at;
    private String error = "";

    private GoTime(String layout, String text) {
        this.layout = layout;
        this.text = text;
    }

    /// What Go's `time.Parse` says of a text that is no time of the layout.
    static Optional<String> error(String layout, String text) {
        var time = new GoTime(layout, text);
        time.parse();
        return Optional.of(time.error).filter(found -> !found.isEmpty());
    }

    private void parse() {
        int year = number("2006", 4, 4, 0, 9999, "");
        literal("-");
        int month = number("01", 2, 2, 1, 12, "month");
        literal("-");
        int day = number("02", 2, 2, 0, 99, "");
        literal("T");
        number("15", 1, 2, 0, 23, "hour");
        literal(":");
        number("04", 2, 2, 0, 59, "minute");
        literal(":");
        number("05", 2, 2, 0, 59, "second");
        fraction();
        zone();
        if (!error.isEmpty()) return;
        if (at < text.length()) said(": extra text: " + quoted(rest()));
        else if (day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) said(": day out of range");
    }

    private String rest() {
        return text.substring(at);
    }

    private boolean digit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    /// A number of so many digits; of fewer where the layout allows it.
    private int number(String element, int least, int most, int minimum, int maximum, String name) {
        if (!error.isEmpty()) return 0;
        int digits = 0;
        while (digits < most && digit(at + digits)) digits++;
        if (digits < least) {
            cannotParse(rest(), element);
            return 0;
        }
        int number = Integer.parseInt(text.substring(at, at + digits));
        at += digits;
        if (number < minimum || number > maximum) said(": " + name + " out of range");
        return number;
    }

    private void literal(String mark) {
        if (!error.isEmpty()) return;
        if (text.startsWith(mark, at)) at++;
        else cannotParse(rest(), mark);
    }

    /// A fraction may follow the seconds even where the layout has none.
    private void fraction() {
        if (!error.isEmpty()) return;
        boolean there = at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',');
        if (layout.equals(MICROS)) {
            int digits = 0;
            while (there && digits < 6 && digit(at + 1 + digits)) digits++;
            if (digits < 6) cannotParse(rest(), ".000000");
            else at += 7;
        } else if (there && digit(at + 1)) {
            at++;
            while (digit(at)) at++;
        }
    }

    private void zone() {
        if (!error.isEmpty()) return;
        if (text.startsWith("Z", at)) {
            at++;
            return;
        }
        boolean offset = rest().matches("(?s)[+-]\\d\\d:\\d\\d.*");
        if (!offset) {
            cannotParse(rest(), "Z07:00");
            return;
        }
        int hours = Integer.parseInt(text.substring(at + 1, at + 3));
        int minutes = Integer.parseInt(text.substring(at + 4, at + 6));
        at += 6;
        if (hours > 24) said(": time zone offset hour out of range");
        else if (minutes > 60) said(": time zone offset minute out of range");
    }

    private void cannotParse(String value, String element) {
        error = "parsing time " + quoted(text) + " as " + quoted(layout) + ": cannot parse " + quoted(value) + " as "
                + quoted(element);
    }

    private void said(String what) {
        error = "parsing time " + quoted(text) + what;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
