package io.navarch.kinds.lease;

import io.navarch.kinds.types.Types;
import io.navarch.model.Lease;
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
                .preparedBy(Lease::edit, LeaseKind::prepare)
                .updatedConditionally()
                .createsOnUpdate()
                .withAnyFinalizers()
                .build();
    }

    /// Elections by strategy are off unless asked for, as in the original.
    private static void prepare(Lease.Builder lease, Lease old) {
        lease.spec(spec -> {
            if (!old.spec().hasStrategy()) spec.clearStrategy();
            if (!old.spec().hasPreferredHolder()) spec.clearPreferredHolder();
        });
    }
}
