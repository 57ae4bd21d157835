package io.navarch.apps;

import io.navarch.apiserver.custom.ConversionCalls;
import io.navarch.client.ReviewFailedException;
import io.navarch.client.Webhooks;
import io.navarch.model.AnyObject;
import io.navarch.model.WebhookClientConfig;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.Map;

/// Webhooks that convert custom resources, as their definitions name them.
record ConversionWebhooks(Webhooks webhooks) implements ConversionCalls {
    @Override
    public View ask(View config, Map<String, Object> review, Duration within) throws ReviewFailedException {
        Webhooks.Place place;
        try {
            place = Webhooks.place(WebhookClientConfig.of(config));
        } catch (IllegalArgumentException e) {
            throw ReviewFailedException.unusable(String.valueOf(e.getMessage()));
        }
        var asked = View.of(review);
        return webhooks.ask(place, review, within)
                .review(
                        asked.get(AnyObject.API_VERSION).string(),
                        asked.get(AnyObject.KIND).string());
    }
}
