package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LastBytesTest {
    private static String last(int most, String... parts) {
        var bytes = new LastBytes(most);
        for (var part : parts) {
            var text = part.getBytes(StandardCharsets.UTF_8);
            bytes.write(text, 0, text.length);
        }
        return bytes.text();
    }

    @Test
    void theEndIsKeptAndNoMore() {
        assertThat(last(5)).isEmpty();
        assertThat(last(5, "abc")).isEqualTo("abc");
        assertThat(last(5, "abc", "de")).isEqualTo("abcde");
        assertThat(last(5, "abc", "def")).isEqualTo("bcdef");
        assertThat(last(5, "abcdefghijkl", "m")).isEqualTo("ijklm");
    }
}
