package io.navarch.process.pages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An answer.
///
/// @param headers besides the content's type
public record Page(int status, String contentType, Map<String, String> headers, byte[] body) {
    static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /// What was sent with a request, read when somebody wants it.
    public interface Body {
        /// At most so many bytes.
        byte[] read(int most) throws IOException;
    }

    /// What is asked for.
    ///
    /// @param accept the header of that name, `""` without one
    public record Request(String method, String path, Map<String, List<String>> query, String accept, Body body) {
        public static Request get(String path) {
            return new Request("GET", path, Map.of(), "", most -> new byte[0]);
        }
    }

    /// All headers that it has.
    public Map<String, String> withType() {
        var all = new LinkedHashMap<>(headers);
        all.put("Content-Type", contentType);
        return all;
    }

    public static Page text(int status, String text) {
        return new Page(status, TEXT, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    /// In Prometheus' text format.
    public static Page metrics(String text) {
        return new Page(200, METRICS, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }

    /// The same; browsers take it for what it says it is.
    Page unsniffed() {
        return with("X-Content-Type-Options", "nosniff");
    }

    Page with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Page(status, contentType, more, body);
    }
}
