package io.navarch.kinds.validatingwebhookconfiguration;

import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// ValidatingWebhookConfiguration: services that may refuse what is written.
public final class ValidatingWebhookConfigurationKind {
    private ValidatingWebhookConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "admissionregistration.k8s.io",
                        "ValidatingWebhookConfiguration",
                        "validatingwebhookconfigurations")
                .version("v1", types.get("V1ValidatingWebhookConfiguration"), WebhookRules.columns())
                .categories("api-extensions")
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy(WebhookRules::check);
    }
}
