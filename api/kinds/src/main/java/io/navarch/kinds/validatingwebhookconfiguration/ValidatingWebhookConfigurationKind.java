package io.navarch.kinds.validatingwebhookconfiguration;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// ValidatingWebhookConfiguration: services that may refuse what is written.
public final class ValidatingWebhookConfigurationKind {
    private ValidatingWebhookConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.VALIDATING_WEBHOOK_CONFIGURATIONS)
                .version(types.get("V1ValidatingWebhookConfiguration"), WebhookRules::columns)
                .categories("api-extensions")
                .withGeneration()
                .updatedConditionally()
                .ruledBy(WebhookRules::check)
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }
}
