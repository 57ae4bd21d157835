package io.navarch.kinds.csinode;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;

/// CSINode.
public final class CsiNodeKind {
    private CsiNodeKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "CSINode", "csinodes")
                .version(
                        "v1",
                        types.get("V1CSINode"),
                        Columns.NAME,
                        Columns.number("Drivers", n ->
                                (long) n.spec().get("drivers").list().size()),
                        Columns.AGE)
                .clusterScoped()
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    topology(object.spec().get("drivers"), check);
                    for (var driver : old.spec().get("drivers").views()) {
                        var now = object.spec()
                                .get("drivers")
                                .find("name", driver.get("name").string());
                        if (!now.exists()) continue;
                        var fixed = Trees.copy(driver.map());
                        var current = Trees.copy(now.map());
                        fixed.remove("allocatable");
                        current.remove("allocatable");
                        if (!Trees.semanticEquals(fixed, current))
                            check.add(FieldError.invalid("CSINodeDriver", now.map(), "field is immutable"));
                    }
                    return check.errors();
                });
    }

    private static void topology(View drivers, Check check) {
        int i = 0;
        for (var driver : drivers.views()) {
            var at = "spec.drivers[" + i++ + "]";
            check.required(driver.get("name"), at + ".name");
            if (driver.get("nodeID").string().length() > 192)
                check.add(FieldError.invalid(
                        at + ".nodeID", driver.get("nodeID").string(), "must be 192 characters or less"));
            var seen = new HashSet<String>();
            for (var key : driver.get("topologyKeys").strings()) {
                if (key.isEmpty()) check.add(FieldError.required(at));
                else if (!seen.add(key)) check.add(FieldError.duplicate(at, key));
                check.name(key, at, Names.qualifiedName(key));
            }
        }
    }
}
