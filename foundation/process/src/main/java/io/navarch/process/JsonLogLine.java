package io.navarch.process;

import io.navarch.objects.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// A line as Kubernetes' components write it in JSON: milliseconds, where, what, how verbose that is, and fields; of an
/// error what went wrong instead of the verbosity.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-logs/#json-log-format
final class JsonLogLine extends LogLine {
    @Override
    public String format(LogRecord record) {
        var caller = caller(record);
        var line = new LinkedHashMap<String, Object>();
        line.put(
                "caller",
                (caller.folder().isEmpty() ? "" : caller.folder() + "/") + caller.file() + ":" + caller.line());
        line.put("msg", String.valueOf(formatMessage(record)));
        boolean error = record.getLevel().intValue() >= Level.SEVERE.intValue();
        if (!error) line.put("v", (long) LogSettings.verbosity(record.getLevel()));
        fields(record).forEach((name, value) -> line.put(name, value(value)));
        var thrown = record.getThrown();
        if (thrown != null) {
            line.put("err", thrown.toString());
            line.put("stacktrace", stackTrace(thrown));
        } else if (error) {
            line.put("err", "");
        }
        return "{\"ts\":" + millis(record.getInstant()) + ","
                + visible(Json.writeString(line)).substring(1) + "\n";
    }

    private static String millis(Instant time) {
        int micros = time.getNano() / 1000 % 1000;
        var whole = String.valueOf(time.toEpochMilli());
        return micros == 0 ? whole : whole + "." + String.format("%03d", micros).replaceFirst("0+$", "");
    }
}
