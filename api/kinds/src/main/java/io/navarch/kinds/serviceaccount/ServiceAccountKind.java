package io.navarch.kinds.serviceaccount;

import io.navarch.kinds.types.Types;
import io.navarch.model.ObjectReference;
import io.navarch.model.Resources;
import io.navarch.model.ServiceAccount;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.Set;

/// ServiceAccount, with the subresource that issues its tokens.
public final class ServiceAccountKind {
    private static final String ENFORCED = MountableSecrets.ENFORCED;

    private ServiceAccountKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.SERVICE_ACCOUNTS)
                .showsDeleted()
                .version(
                        types.get("V1ServiceAccount"), columns -> columns.name().age())
                .shortNames("sa")
                .connect("token", "TokenRequest", "authentication.k8s.io", "v1", "create")
                .preparedBy(ServiceAccount::edit, (account, old) -> account.editSecrets(ServiceAccountKind::prepare))
                .warning(ServiceAccountKind::warnings)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    /// Of a secret only the name counts.
    private static void prepare(ObjectReference.Builder secret) {
        secret.map().keySet().retainAll(Set.of(ObjectReference.NAME));
    }

    private static List<String> warnings(ServiceAccount account, ServiceAccount old) {
        return account.annotations().containsKey(ENFORCED) && !old.annotations().containsKey(ENFORCED)
                ? List.of("metadata.annotations[" + ENFORCED
                        + "]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets")
                : List.of();
    }
}
