package io.navarch.process;

import java.time.ZoneId;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Logs to standard error, in the form that the settings say.
public final class Logs {
    private static final String OWN = "io.navarch";

    /// Referenced here because the logging system forgets the levels of loggers that are garbage-collected.
    private static final List<Logger> QUIET =
            List.of(Logger.getLogger("io.netty"), Logger.getLogger("io.grpc"), Logger.getLogger("io.netty.bootstrap"));

    private static final Logger ALL_OWN = Logger.getLogger(OWN);

    private Logs() {}

    public static void configure() {
        configure(LogSettings.USUAL, bytes -> {});
    }

    /// @param meter hears how long each record is, before it is written
    public static void configure(LogSettings settings, IntConsumer meter) {
        var root = Logger.getLogger("");
        for (var handler : root.getHandlers()) root.removeHandler(handler);
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(metered(formatter(settings.format()), meter));
        if (!settings.modules().isEmpty()) handler.setFilter(record -> wanted(record, settings));
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        // gRPC sets a socket option that Unix sockets do not have, and warns about it.
        QUIET.getLast().setLevel(Level.SEVERE);
        ALL_OWN.setLevel(LogSettings.level(settings.most()));
    }

    /// Says how much is logged from now on, as the original's option `-v` counts it.
    public static void verbosity(long level) {
        ALL_OWN.setLevel(LogSettings.level((int) Math.min(level, Integer.MAX_VALUE)));
    }

    private static boolean wanted(LogRecord record, LogSettings settings) {
        var name = LogLine.simple(record.getLoggerName());
        return LogSettings.verbosity(record.getLevel()) <= settings.of(name);
    }

    private static Formatter formatter(LogSettings.Format format) {
        return switch (format) {
            case TEXT ->
                new KlogLine(ZoneId.systemDefault(), ProcessHandle.current().pid());
            case JSON -> new JsonLogLine();
        };
    }

    private static Formatter metered(Formatter formatter, IntConsumer meter) {
        return new Formatter() {
            @Override
            public String format(LogRecord record) {
                var line = formatter.format(record);
                meter.accept(line.length());
                return line;
            }
        };
    }
}
