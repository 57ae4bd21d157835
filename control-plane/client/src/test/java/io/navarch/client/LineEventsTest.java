package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineEventsTest {
    private static List<String> read(String text) throws IOException {
        var body = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        var result = new ArrayList<String>();
        try (var events = new LineEvents(body, () -> {})) {
            for (var next = events.next(); next.isPresent(); next = events.next()) {
                var event = next.get();
                result.add(event.type() + " " + new String(event.object().json(), StandardCharsets.UTF_8));
            }
        }
        return result;
    }

    @Test
    void objectsAreTheBytesThatCame() throws IOException {
        assertThat(read("""
                        {"type":"ADDED","object":{"a": "}ä"}}
                        {"type":"DELETED","object":{"b":[1,  2]}}
                        """)).containsExactly("ADDED {\"a\": \"}ä\"}", "DELETED {\"b\":[1,  2]}");
    }

    @Test
    void otherFormsOfTheSameAreUnderstood() throws IOException {
        assertThat(read("""
                        {"object":{"a":1},"type":"MODIFIED"}
                        { "type" : "ADDED", "object" : { "b" : 2 } }
                        """)).containsExactly("MODIFIED {\"a\":1}", "ADDED {\"b\":2}");
    }

    @Test
    void halfAnEventIsNone() throws IOException {
        assertThat(read("{\"type\":\"ADDED\",\"object\":{}}\n{\"type\":\"ADDED\",\"object\":{\"a\":"))
                .containsExactly("ADDED {}");
        assertThatThrownBy(() -> read("{\"type\":\"ADDED\"\n")).isInstanceOf(IOException.class);
    }
}
