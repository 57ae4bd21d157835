package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogsTest {
    private static final String FORGED = "I0101 00:00:00.000000       1 Audit.java:1] admin was here";
    private static final Formatter TEXT = new KlogLine(ZoneOffset.UTC, 12);
    private static final Formatter JSON = new JsonLogLine();

    private static LogRecord record(Level level, String text) {
        var record = new LogRecord(level, text);
        record.setInstant(Instant.parse("2030-02-03T04:05:06.000789Z"));
        return record;
    }

    private static View json(LogRecord record) {
        var line = JSON.format(record);
        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        return View.of(Json.parse(line));
    }

    /// What somebody who logs here has logged.
    private static List<String> logged(Formatter formatter, Runnable logs) {
        var lines = new ArrayList<String>();
        var logger = Logger.getLogger(LogsTest.class.getName());
        var handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                record.setInstant(Instant.parse("2030-02-03T04:05:06.000789Z"));
                lines.add(formatter.format(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        try {
            logs.run();
        } finally {
            logger.setUseParentHandlers(true);
            logger.setLevel(null);
            logger.removeHandler(handler);
        }
        return lines;
    }

    private static void somethingWithFields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("URI", "/a\"\n" + FORGED);
        fields.put("latency", Duration.ofMillis(1500));
        fields.put("resp", 200);
        fields.put("hijacked", true);
        FieldLog.of(LogsTest.class).log(3, "HTTP", fields);
    }

    @Test
    void linesAreAsKlogWritesThem() {
        var log = LoggerFactory.getLogger(LogsTest.class);
        assertThat(logged(TEXT, () -> log.warn("it is {}", "late")).getFirst())
                .matches("W0203 04:05:06\\.000789      12 LogsTest\\.java:[1-9][0-9]+] it is late\n");
        assertThat(logged(TEXT, LogsTest::somethingWithFields).getFirst())
                .matches(
                        "I0203 04:05:06\\.000789      12 LogsTest\\.java:[1-9][0-9]+] \"HTTP\" URI=\"/a\\\\\"\\\\n\\QI0101"
                                + " 00:00:00.000000       1 Audit.java:1] admin was here\\E\" latency=\"1\\.5s\" resp=200"
                                + " hijacked=true\n");
    }

    @Test
    void linesAreAsJson() {
        var line = logged(JSON, LogsTest::somethingWithFields).getFirst();
        assertThat(line)
                .matches(
                        "\\{\"ts\":1896321906000\\.789,\"caller\":\"process/LogsTest\\.java:[1-9][0-9]+\",\"msg\":\"HTTP\",\"v\":3,"
                                + "\"URI\":.*,\"latency\":\"1\\.5s\",\"resp\":200,\"hijacked\":true}\n");
        assertThat(View.of(Json.parse(line)).get("URI").string()).isEqualTo("/a\"\n" + FORGED);
    }

    @Test
    void anErrorTellsWhatWentWrong() {
        var record = record(Level.SEVERE, "failed");
        record.setThrown(new IllegalStateException("x\r" + FORGED));
        var line = json(record);
        assertThat(line.get("v").exists()).isFalse();
        assertThat(line.get("err").string()).isEqualTo("java.lang.IllegalStateException: x\r" + FORGED);
        assertThat(line.get("stacktrace").string()).contains("anErrorTellsWhatWentWrong");
    }

    @Test
    void aTextBeginsNoRecordAndSpeaksToNoTerminal() {
        var record = record(Level.INFO, "GET /a\r\n" + FORGED + "\u001b[2J\u2028\u009b\tb");
        assertThat(TEXT.format(record))
                .endsWith("GET /a\\r\\n" + FORGED + "\\u001b[2J\\u2028\\u009b\tb\n")
                .containsOnlyOnce("\n")
                .doesNotContain("\r", "\u001b", "\u2028", "\u009b");
        assertThat(JSON.format(record)).doesNotContain("\r", "\u001b", "\u2028", "\u009b");
        assertThat(json(record).get("msg").string()).isEqualTo(record.getMessage());
    }

    @Test
    void linesOfAStackTraceBeginWithATab() {
        var record = record(Level.WARNING, "failed");
        record.setThrown(new IllegalStateException("x\r" + FORGED + "\n" + FORGED));
        assertThat(TEXT.format(record).lines().skip(1)).contains("\t" + FORGED).allMatch(line -> line.startsWith("\t"));
    }

    private static LogSettings read(String... arguments) {
        return LogOptions.read(Options.parse(LogOptions.DECLARED, List.of(arguments), Map.of()));
    }

    @Test
    void optionsAreThoseOfKubernetes() {
        assertThat(read()).isEqualTo(LogSettings.USUAL);
        assertThat(read("-v", "3", "--vmodule", "Audit*=4,,b?=6"))
                .isEqualTo(new LogSettings(
                        LogSettings.Format.TEXT,
                        3,
                        List.of(new LogSettings.Module("Audit*", 4), new LogSettings.Module("b?", 6))));
        assertThat(read("--verbose", "--logging-format=json").verbosity()).isEqualTo(4);
        assertThat(read("--v=5", "--verbose").verbosity()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--logging-format xml | --logging-format: Invalid value: \"xml\": Unsupported log format",
                "-v x | invalid argument \"x\" for \"-v, --v\" flag: strconv.ParseUint: parsing \"x\": invalid syntax",
                "--v=2147483648 | invalid argument \"2147483648\" for \"-v, --v\" flag: strconv.ParseUint: parsing"
                        + " \"2147483648\": value out of range",
                "--vmodule a | invalid argument \"a\" for \"--vmodule\" flag: \"a\" does not have the pattern=N format",
                "--vmodule b=1,=1 | invalid argument \"b=1,=1\" for \"--vmodule\" flag: \"=1\" does not have the"
                        + " pattern=N format",
                "--vmodule a=-1 | invalid argument \"a=-1\" for \"--vmodule\" flag: parsing verbosity in \"a=-1\":"
                        + " strconv.ParseUint: parsing \"-1\": invalid syntax",
                "--logging-format json --vmodule a=1 | --vmodule: Forbidden: Only supported for text log format",
            })
    void whatIsWrongIsOneLine(String arguments, String message) {
        assertThatThrownBy(() -> read(arguments.split(" ")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(message);
    }

    @Test
    void theFirstPatternThatFitsCounts() {
        var settings = read("-v", "1", "--vmodule", "Audit?=4,Aud*=6,A.b=9");
        assertThat(settings.of("Audits")).isEqualTo(4);
        assertThat(settings.of("Auditor")).isEqualTo(6);
        assertThat(settings.of("Axb")).isEqualTo(1);
        assertThat(settings.most()).isEqualTo(9);
    }

    @Test
    void linesOfASortAreSoMany() {
        long[] now = {0};
        var rate = new LogRate(2, 3, () -> now[0]);
        for (int i = 0; i < 3; i++) assertThat(rate.next()).hasValue(0);
        for (int i = 0; i < 5; i++) assertThat(rate.next()).isEmpty();
        now[0] = Duration.ofMillis(500).toNanos();
        assertThat(rate.next()).hasValue(5);
        assertThat(rate.next()).isEmpty();
    }
}
