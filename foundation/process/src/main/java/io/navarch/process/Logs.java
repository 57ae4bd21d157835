package io.navarch.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Logs to standard error, one line per record: time, level, source, text.
public final class Logs {
    /// Referenced here because the logging system forgets the levels of loggers that are garbage-collected.
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.grpc"), Logger.getLogger("io.netty.bootstrap"));

    private Logs() {}

    public static void configure(boolean verbose) {
        var root = Logger.getLogger("");
        for (var handler : root.getHandlers()) root.removeHandler(handler);
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new Line());
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        // gRPC sets a socket option that Unix sockets do not have, and warns about it.
        QUIET.getLast().setLevel(Level.SEVERE);
        if (verbose) Logger.getLogger("io.navarch").setLevel(Level.FINE);
    }

    private static final class Line extends Formatter {
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
                    .append(formatMessage(record))
                    .append('\n');
            if (record.getThrown() != null) {
                var text = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(text));
                line.append(text);
            }
            return line.toString();
        }
    }
}
