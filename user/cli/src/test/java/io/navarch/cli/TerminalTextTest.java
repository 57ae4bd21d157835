package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void whatATerminalWouldObeyIsReplaced() {
        assertThat(TerminalText.of("\u001b[2Jgone\u009b1m\r\n\u202Eback\tand ä, 字"))
                .isEqualTo("\uFFFD[2Jgone\uFFFD1m\uFFFD\uFFFD\uFFFDback\tand ä, 字");
    }

    @Test
    void itIsNotLong() {
        assertThat(TerminalText.of("x".repeat(5000))).hasSize(1001).endsWith("…");
    }
}
