package io.navarch.comparison;

import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server answered.
///
/// @param status 0 when there was no answer; the body then says why
/// @param headers those that clients read, by name in lower case
/// @param body the parsed JSON, or a text
public record Answer(
        int status,
        Map<String, String> headers,
        List<String> warnings,
        @Nullable Object body) {
    public boolean accepted() {
        return status >= 200 && status < 300;
    }

    boolean missing() {
        return status == 0;
    }

    /// The body as an object; absent if it is none.
    public View object() {
        return View.of(body);
    }
}
