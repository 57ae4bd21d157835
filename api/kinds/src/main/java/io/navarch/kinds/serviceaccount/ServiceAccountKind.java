package io.navarch.kinds.serviceaccount;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// ServiceAccount, with the subresource that issues its tokens.
public final class ServiceAccountKind {
    private ServiceAccountKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SERVICE_ACCOUNTS)
                .showsDeleted()
                .version(
                        types.get("V1ServiceAccount"), columns -> columns.name().age())
                .shortNames("sa")
                .connect("token", "TokenRequest", "authentication.k8s.io", "v1", "create")
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }
}
