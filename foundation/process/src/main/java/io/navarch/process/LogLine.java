package io.navarch.process;

import io.navarch.objects.GoDuration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// A record as one line. Texts may be a caller's: a line break in one begins no record, and nothing in one speaks to a
/// terminal.
abstract class LogLine extends Formatter {
    /// Who stands between whoever logs and the line.
    private static final List<String> LOGGING =
            List.of("java.util.logging.", "org.slf4j.", "io.netty.util.internal.logging.");

    private static final List<Class<?>> KINDS = List.of(Formatter.class, Handler.class, FieldLog.class);

    /// Where something is logged.
    ///
    /// @param file without its folder
    record Caller(String folder, String file, int line) {}

    private final StackWalker walker = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    final Caller caller(LogRecord record) {
        return walker.walk(frames -> frames.filter(LogLine::others).findFirst())
                .map(frame -> new Caller(
                        folder(frame.getClassName()),
                        String.valueOf(frame.getFileName()),
                        Math.max(0, frame.getLineNumber())))
                .orElseGet(() -> new Caller("", simple(record.getLoggerName()), 0));
    }

    private static boolean others(StackFrame frame) {
        return LOGGING.stream().noneMatch(frame.getClassName()::startsWith)
                && KINDS.stream().noneMatch(kind -> kind.isAssignableFrom(frame.getDeclaringClass()));
    }

    private static String folder(String name) {
        var packaged = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        return packaged.substring(packaged.lastIndexOf('.') + 1);
    }

    /// The name of a class without its package.
    static String simple(String name) {
        return name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
    }

    static Map<String, Object> fields(LogRecord record) {
        if (!(record instanceof FieldLog.Line line) || !(line.getParameters()[0] instanceof Map<?, ?> map))
            return Map.of();
        var fields = new LinkedHashMap<String, Object>();
        map.forEach((name, value) -> fields.put(String.valueOf(name), value));
        return fields;
    }

    /// What is no number and no truth is a text.
    static Object value(Object field) {
        return switch (field) {
            case Duration length -> GoDuration.text(length);
            case Number number -> number;
            case Boolean truth -> truth;
            default -> field.toString();
        };
    }

    static String stackTrace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    static String visible(String text) {
        if (text.chars().noneMatch(LogLine::hidden)) return text;
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
