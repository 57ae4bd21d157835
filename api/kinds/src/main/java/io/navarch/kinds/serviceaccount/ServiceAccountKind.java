package io.navarch.kinds.serviceaccount;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;

/// ServiceAccount, with the subresource that issues its tokens.
public final class ServiceAccountKind {
    private ServiceAccountKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "ServiceAccount", "serviceaccounts")
                .version(
                        "v1",
                        types.get("V1ServiceAccount"),
                        Columns.NAME,
                        Columns.number("Secrets", account ->
                                (long) account.get("secrets").list().size()),
                        Columns.AGE)
                .shortNames("sa")
                .connect("token", "TokenRequest", "authentication.k8s.io", "v1", "create");
    }
}
