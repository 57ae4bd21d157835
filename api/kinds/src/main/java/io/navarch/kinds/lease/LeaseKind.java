package io.navarch.kinds.lease;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Lease;
import io.navarch.schema.KindDefinition;

/// Lease: heartbeats and leader election.
public final class LeaseKind {
    private LeaseKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("coordination.k8s.io", "Lease", "leases")
                .version(
                        "v1",
                        types.get("V1Lease"),
                        Columns.NAME,
                        Columns.text("Holder", Lease::of, lease -> lease.spec().holderIdentity()),
                        Columns.AGE)
                .updatedConditionally()
                .createsOnUpdate();
    }
}
