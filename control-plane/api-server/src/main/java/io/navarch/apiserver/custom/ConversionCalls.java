package io.navarch.apiserver.custom;

import io.navarch.objects.View;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Calls the webhooks that definitions name.
@FunctionalInterface
public interface ConversionCalls {
    /// Posts a review.
    ///
    /// @param config where the webhook is, as the definition says it
    /// @param within how long it may take
    /// @return what was answered, a review itself
    /// @throws IOException with what is said of whoever does not answer
    View ask(View config, Map<String, Object> review, Duration within) throws IOException;
}
