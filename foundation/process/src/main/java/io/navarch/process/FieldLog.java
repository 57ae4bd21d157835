package io.navarch.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// A log whose lines programs read as well: a message that is always the same, and fields with names.
public final class FieldLog {
    /// Such a line.
    static final class Line extends LogRecord {
        private Line(int verbosity, String logger, String message, Map<String, Object> fields) {
            super(LogSettings.level(verbosity), message);
            setLoggerName(logger);
            setParameters(new Object[] {new LinkedHashMap<>(fields)});
        }
    }

    private final Logger logger;

    private FieldLog(Logger logger) {
        this.logger = logger;
    }

    public static FieldLog of(Class<?> source) {
        return new FieldLog(Logger.getLogger(source.getName()));
    }

    /// Whether lines of such a verbosity may be wanted.
    public boolean enabled(int verbosity) {
        return logger.isLoggable(LogSettings.level(verbosity));
    }

    /// @param fields in their order: texts, numbers, booleans, and lengths of time
    public void log(int verbosity, String message, Map<String, Object> fields) {
        if (enabled(verbosity)) logger.log(new Line(verbosity, logger.getName(), message, fields));
    }
}
