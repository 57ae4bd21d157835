package io.navarch.kinds.lease;

import io.navarch.kinds.types.Types;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;

/// Lease: heartbeats and leader election.
public final class LeaseKind {
    private LeaseKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.LEASES)
                .version(
                        types.get("V1Lease"),
                        columns -> columns.name()
                                .text("Holder", lease -> lease.spec().holderIdentity())
                                .age())
                .updatedConditionally()
                .createsOnUpdate()
                .withAnyFinalizers()
                .build();
    }
}
