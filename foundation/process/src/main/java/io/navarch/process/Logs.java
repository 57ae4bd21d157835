package io.navarch.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Logs to standard error, one line per record: time, level, source, text. Texts may be a caller's: a line break in one
/// begins no record, and nothing in one speaks to a terminal. Lines of a stack trace begin with a tab.
public final class Logs {
    /// Referenced here because the logging system forgets the levels of loggers that are garbage-collected.
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.grpc"), Logger.getLogger("io.netty.bootstrap"));

    private Logs() {}

    public static void configure(boolean verbose) {
        configure(verbose, bytes -> {});
    }

    /// @param meter hears how long each record is, before it is written
    public static void configure(boolean verbose, IntConsumer meter) {
        var root = Logger.getLogger("");
        for (var handler : root.getHandlers()) root.removeHandler(handler);
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new Line() {
            @Override
            public String format(LogRecord record) {
                var line = super.format(record);
                meter.accept(line.length());
                return line;
            }
        });
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        // gRPC sets a socket option that Unix sockets do not have, and warns about it.
        QUIET.getLast().setLevel(Level.SEVERE);
        if (verbose) Logger.getLogger("io.navarch").setLevel(Level.FINE);
    }

    static class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            var name = record.getLoggerName();
            var line = new StringBuilder()
                    .append(Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS))
                    .append(' ')
                    .append(record.getLevel().getName().charAt(0))
                    .append(' ')
                    .append(name == null ? "" : name.substring(name.lastIndexOf('.') + 1))
                    .append(": ")
                    .append(visible(String.valueOf(formatMessage(record))))
                    .append('\n');
            if (record.getThrown() != null) {
                var text = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(text));
                text.toString()
                        .lines()
                        .forEach(each -> line.append('\t').append(visible(each)).append('\n'));
            }
            return line.toString();
        }

        private static String visible(String text) {
            if (text.chars().noneMatch(Line::hidden)) return text;
            var shown = new StringBuilder();
            text.chars().forEach(c -> {
                if (c == '\n') shown.append("\\n");
                else if (c == '\r') shown.append("\\r");
                else if (hidden(c)) shown.append(String.format("\\u%04x", c));
                else shown.append((char) c);
            });
            return shown.toString();
        }

        /// Also what separates lines or paragraphs in other ways.
        private static boolean hidden(int c) {
            return c != '\t' && Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
        }
    }
}
