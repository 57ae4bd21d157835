package io.navarch.kinds.csinode;

import io.navarch.kinds.pod.StorageSourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.CSINodeDriver;
import io.navarch.model.CSINodeSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.HashSet;
import java.util.List;

/// CSINode: the storage drivers that run on a node.
public final class CsiNodeKind {
    private static final int LONGEST_ID = 256;

    private CsiNodeKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CSI_NODES)
                .showsDeleted()
                .version(
                        types.get("V1CSINode"),
                        columns -> columns.name()
                                .number("Drivers", node ->
                                        (long) node.spec().drivers().size())
                                .age())
                .updatedConditionally()
                .ruledBy((object, old) -> check(object.spec(), old.spec()))
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static List<FieldError> check(CSINodeSpec spec, CSINodeSpec old) {
        var check = new Check();
        int i = 0;
        for (var driver : spec.drivers()) driver(driver, "spec.drivers[" + i++ + "]", check);
        for (var before : old.drivers()) {
            for (var now : spec.drivers()) {
                if (!now.name().equals(before.name())) continue;
                if (!fixed(now).semanticEquals(fixed(before)))
                    check.add(FieldError.invalid("spec.drivers", now.view().map(), "field is immutable"));
                break;
            }
        }
        return check.errors();
    }

    /// What never changes of a driver: how many volumes it can attach does.
    private static CSINodeDriver fixed(CSINodeDriver driver) {
        return driver.toBuilder().clearAllocatable().build();
    }

    private static void driver(CSINodeDriver driver, String at, Check check) {
        StorageSourceRules.driver(driver.name(), at + ".name", check);
        if (driver.nodeID().length() > LONGEST_ID)
            check.invalid(at + ".nodeID", driver.nodeID(), "must be " + LONGEST_ID + " characters or less");
        var seen = new HashSet<String>();
        for (var key : driver.topologyKeys()) {
            if (key.isEmpty()) check.add(FieldError.required(at));
            else if (!seen.add(key)) check.add(FieldError.duplicate(at, key));
            check.name(key, at, Names.qualifiedName(key));
        }
    }
}
