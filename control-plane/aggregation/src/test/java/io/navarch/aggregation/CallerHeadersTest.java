package io.navarch.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallerHeadersTest {
    @Test
    void everythingOfTheCallerIsTold() {
        var user = new User("zoe", "u1", List.of("a", "b"), Map.of("example.org/Some key", List.of("1", "2")));
        assertThat(CallerHeaders.of(user))
                .containsExactly(
                        Map.entry("X-Remote-User", "zoe"),
                        Map.entry("X-Remote-Uid", "u1"),
                        Map.entry("X-Remote-Group", "a"),
                        Map.entry("X-Remote-Group", "b"),
                        Map.entry("X-Remote-Extra-example.org%2FSome%20key", "1"),
                        Map.entry("X-Remote-Extra-example.org%2FSome%20key", "2"));
        assertThat(CallerHeaders.escaped("50%/ü")).isEqualTo("50%25%2F%C3%BC");
    }

    /// Two users must never look like one on the way.
    @Test
    void aNameIsToldAsItIsOrNotAtAll() {
        var user = new User("zo\u00eb\u0416", "", List.of(), Map.of());
        assertThat(CallerHeaders.of(user).getFirst().getValue()).isEqualTo("zo\u00c3\u00ab\u00d0\u0096");
        for (var name :
                List.of("a\r\nX-Remote-Group: system:masters", "a\u0000", "\u007f", " admin", "admin ", "\tadmin"))
            assertThatThrownBy(() -> CallerHeaders.of(new User(name, "", List.of(), Map.of())))
                    .hasMessage("net/http: invalid header field value for \"X-Remote-User\"");
    }
}
