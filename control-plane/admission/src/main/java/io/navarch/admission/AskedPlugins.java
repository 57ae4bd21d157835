package io.navarch.admission;

import io.navarch.client.WebhookCredentials;
import java.util.Map;
import java.util.Set;

/// Which of the plugins are on that ask others, and as whom they call them.
///
/// @param on their names
/// @param credentials by the names of those that call webhooks
public record AskedPlugins(Set<String> on, Map<String, WebhookCredentials> credentials) {
    public static final String MUTATING_POLICIES = "MutatingAdmissionPolicy";
    public static final String MUTATING_WEBHOOKS = "MutatingAdmissionWebhook";
    public static final String VALIDATING_POLICIES = "ValidatingAdmissionPolicy";
    public static final String VALIDATING_WEBHOOKS = "ValidatingAdmissionWebhook";

    /// In the order in which they run.
    public static final Set<String> ALL =
            Set.of(MUTATING_POLICIES, MUTATING_WEBHOOKS, VALIDATING_POLICIES, VALIDATING_WEBHOOKS);

    WebhookCredentials of(String plugin) {
        return credentials.getOrDefault(plugin, WebhookCredentials.NONE);
    }
}
