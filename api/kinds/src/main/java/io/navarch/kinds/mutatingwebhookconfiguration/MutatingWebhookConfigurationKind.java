package io.navarch.kinds.mutatingwebhookconfiguration;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// MutatingWebhookConfiguration: services that may change what is written.
public final class MutatingWebhookConfigurationKind {
    private MutatingWebhookConfigurationKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.MUTATING_WEBHOOK_CONFIGURATIONS)
                .version(types.get("V1MutatingWebhookConfiguration"), WebhookRules::columns)
                .categories("api-extensions")
                .withGeneration()
                .updatedConditionally()
                .ruledBy(WebhookRules::check)
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }
}
