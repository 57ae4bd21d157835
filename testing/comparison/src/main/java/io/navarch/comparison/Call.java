package io.navarch.comparison;

import io.navarch.objects.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that both servers get.
///
/// @param name what it is, in words; unique within its group, and the same in every run
/// @param accept the media type asked for
/// @param body empty for none
public record Call(String name, String method, String uri, String accept, Optional<Body> body) {
    /// @param type the media type
    public record Body(String type, byte[] bytes) {}

    public static final String JSON = "application/json";

    public static Call get(String name, String uri) {
        return new Call(name, "GET", uri, JSON, Optional.empty());
    }

    public static Call of(String name, String method, String uri, @Nullable Object body) {
        return new Call(name, method, uri, JSON, Optional.of(new Body(JSON, Json.write(body))));
    }

    public static Call patch(String name, String uri, String type, @Nullable Object body) {
        return new Call(name, "PATCH", uri, JSON, Optional.of(new Body(type, Json.write(body))));
    }

    List<Map.Entry<String, String>> headers() {
        var accepted = Map.entry("Accept", accept);
        return body.map(sent -> List.of(accepted, Map.entry("Content-Type", sent.type)))
                .orElse(List.of(accepted));
    }
}
