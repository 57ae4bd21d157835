package io.navarch.kinds.csistoragecapacity;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.Objects;

/// CSIStorageCapacity: how much a driver can still provide of a class, and where.
public final class CsiStorageCapacityKind {
    private CsiStorageCapacityKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CSI_STORAGE_CAPACITIES)
                .version(
                        types.get("V1CSIStorageCapacity"),
                        columns -> columns.name().created())
                .updatedConditionally()
                .ruledBy(CsiStorageCapacityKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(CSIStorageCapacity capacity, CSIStorageCapacity old) {
        var check = new Check();
        if (!old.exists()) return check.errors();
        // An empty selector is another one than none.
        var topology = capacity.raw(CSIStorageCapacity.NODE_TOPOLOGY).value();
        if (!Objects.equals(topology, old.raw(CSIStorageCapacity.NODE_TOPOLOGY).value()))
            check.invalid(CSIStorageCapacity.NODE_TOPOLOGY, topology, "field is immutable");
        check.immutable(capacity, old, "", CSIStorageCapacity.STORAGE_CLASS_NAME);
        return check.errors();
    }
}
