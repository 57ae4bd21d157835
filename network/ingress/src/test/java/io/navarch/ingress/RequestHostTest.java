package io.navarch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHostTest {
    private static Optional<RequestHost> of(String sent) {
        return RequestHost.of(List.of(Map.entry("hOST", sent)));
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,a.example,a.example",
        "A.Example.:80,a.example,a.example:80",
        "192.0.2.1:8080,192.0.2.1,192.0.2.1:8080",
        "[fd00::1]:80,[fd00::1],[fd00::1]:80"
    })
    void isAName(String sent, String name, String text) {
        var host = of(sent).orElseThrow();
        assertThat(host.name()).isEqualTo(name);
        assertThat(host.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user@a.example",
                "a.example/b",
                "a.example:80:90",
                "a.example:",
                "a.example:port",
                "a example",
                "a.example, b.example",
                ".a.example",
                "a.example..",
                "a.example?",
                "a.example#",
                "[::1",
                "caf\u00e9"
            })
    void orRefused(String sent) {
        assertThat(of(sent)).isEmpty();
    }

    @Test
    void thereIsExactlyOneAndItIsShort() {
        assertThat(RequestHost.of(List.of())).isEmpty();
        var same = Map.entry("Host", "a.example");
        assertThat(RequestHost.of(List.of(same, same))).isEmpty();
        assertThat(of("a".repeat(300))).isEmpty();
    }

    @Test
    void isTheOneThatTheConnectionWasMadeFor() {
        var host = of("a.example").orElseThrow();
        assertThat(host.misdirected("")).isFalse();
        assertThat(host.misdirected("A.example")).isFalse();
        assertThat(host.misdirected("b.example")).isTrue();
    }
}
