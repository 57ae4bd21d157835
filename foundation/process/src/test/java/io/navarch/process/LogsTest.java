package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogsTest {
    private static final String FORGED = "2026-01-01T00:00:00Z I Audit: admin was here";

    @Test
    void aTextBeginsNoRecordAndSpeaksToNoTerminal() {
        var record = new LogRecord(Level.INFO, "GET /a\r\n" + FORGED + "\u001b[2J\u2028\tb");
        assertThat(new Logs.Line().format(record))
                .endsWith("GET /a\\r\\n" + FORGED + "\\u001b[2J\\u2028\tb\n")
                .containsOnlyOnce("\n")
                .doesNotContain("\r", "\u001b", "\u2028");
    }

    @Test
    void linesOfAStackTraceBeginWithATab() {
        var record = new LogRecord(Level.WARNING, "failed");
        record.setThrown(new IllegalStateException("x\r" + FORGED + "\n" + FORGED));
        assertThat(new Logs.Line().format(record).lines().skip(1))
                .contains("\t" + FORGED)
                .allMatch(line -> line.startsWith("\t"));
    }
}
