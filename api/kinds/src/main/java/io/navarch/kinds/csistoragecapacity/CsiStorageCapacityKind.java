package io.navarch.kinds.csistoragecapacity;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// CSIStorageCapacity.
public final class CsiStorageCapacityKind {
    private CsiStorageCapacityKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "CSIStorageCapacity", "csistoragecapacities")
                .version(
                        "v1",
                        types.get("V1CSIStorageCapacity"),
                        Columns.NAME,
                        Columns.at("StorageClassName", "storageClassName"),
                        Columns.at("Capacity", "capacity"))
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    if (old.exists())
                        for (var field : List.of("nodeTopology", "storageClassName"))
                            check.immutable(object.get(field), old.get(field), field);
                    return check.errors();
                });
    }
}
