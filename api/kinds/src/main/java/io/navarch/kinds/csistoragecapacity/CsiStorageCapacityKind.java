package io.navarch.kinds.csistoragecapacity;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// CSIStorageCapacity: how much a driver can still provide of a class, and where.
public final class CsiStorageCapacityKind {
    private CsiStorageCapacityKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CSI_STORAGE_CAPACITIES)
                .version(
                        types.get("V1CSIStorageCapacity"),
                        columns -> columns.name()
                                .text("StorageClassName", object -> object.storageClassName())
                                .text("Capacity", object -> capacity(object)))
                .updatedConditionally()
                .ruledBy(CsiStorageCapacityKind::check)
                .build();
    }

    private static String capacity(CSIStorageCapacity capacity) {
        return capacity.raw(CSIStorageCapacity.CAPACITY).text();
    }

    private static List<FieldError> check(CSIStorageCapacity capacity, CSIStorageCapacity old) {
        var check = new Check();
        for (var field : List.of(CSIStorageCapacity.NODE_TOPOLOGY, CSIStorageCapacity.STORAGE_CLASS_NAME))
            if (old.exists()) check.immutable(capacity.raw(field), old.raw(field), field);
        return check.errors();
    }
}
