package io.navarch.kinds.mutatingwebhookconfiguration;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.schema.KindDefinition;

/// MutatingWebhookConfiguration: services that may change what is written.
public final class MutatingWebhookConfigurationKind {
    private MutatingWebhookConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "admissionregistration.k8s.io", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations")
                .version("v1", types.get("V1MutatingWebhookConfiguration"), WebhookRules.columns())
                .categories("api-extensions")
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy(WebhookRules::check);
    }
}
