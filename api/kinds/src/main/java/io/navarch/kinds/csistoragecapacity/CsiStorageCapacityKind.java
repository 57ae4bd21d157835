package io.navarch.kinds.csistoragecapacity;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// CSIStorageCapacity: how much a driver can still provide of a class, and where.
public final class CsiStorageCapacityKind {
    private CsiStorageCapacityKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "CSIStorageCapacity", "csistoragecapacities")
                .version(
                        "v1",
                        types.get("V1CSIStorageCapacity"),
                        Columns.NAME,
                        Columns.text(
                                "StorageClassName",
                                object -> CSIStorageCapacity.of(object).storageClassName()),
                        Columns.text("Capacity", object -> capacity(CSIStorageCapacity.of(object))))
                .updatedConditionally()
                .ruledBy((object, old) -> check(CSIStorageCapacity.of(object), CSIStorageCapacity.of(old)));
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
