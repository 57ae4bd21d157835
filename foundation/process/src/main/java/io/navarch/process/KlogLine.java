package io.navarch.process;

import io.navarch.objects.GoText;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A line as klog writes it: `I1130 21:31:29.123456   12345 Audit.java:42] text`, or a message in quotes and fields.
/// Lines of a stack trace begin with a tab.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-logs/#klog-output
final class KlogLine extends LogLine {
    private final DateTimeFormatter time;
    private final long pid;

    KlogLine(ZoneId zone, long pid) {
        time = DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT).withZone(zone);
        this.pid = pid;
    }

    @Override
    public String format(LogRecord record) {
        var caller = caller(record);
        var line = new StringBuilder()
                .append(severity(record.getLevel()))
                .append(time.format(record.getInstant()))
                .append(String.format(Locale.ROOT, " %7d ", pid))
                .append(caller.file())
                .append(':')
                .append(caller.line())
                .append("] ");
        if (record instanceof FieldLog.Line) {
            line.append(quoted(record.getMessage()));
            fields(record)
                    .forEach((name, value) ->
                            line.append(' ').append(name).append('=').append(text(value)));
        } else {
            line.append(visible(String.valueOf(formatMessage(record))));
        }
        line.append('\n');
        if (record.getThrown() != null)
            stackTrace(record.getThrown())
                    .lines()
                    .forEach(each -> line.append('\t').append(visible(each)).append('\n'));
        return line.toString();
    }

    private static char severity(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) return 'E';
        return level.intValue() >= Level.WARNING.intValue() ? 'W' : 'I';
    }

    private static String text(Object field) {
        var value = value(field);
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        return visible(GoText.quoted(text));
    }
}
