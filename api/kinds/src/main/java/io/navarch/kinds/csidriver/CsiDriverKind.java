package io.navarch.kinds.csidriver;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// CSIDriver.
public final class CsiDriverKind {
    private CsiDriverKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("storage.k8s.io", "CSIDriver", "csidrivers")
                .version(
                        "v1",
                        types.get("V1CSIDriver"),
                        Columns.NAME,
                        flag("AttachRequired", "attachRequired"),
                        flag("PodInfoOnMount", "podInfoOnMount"),
                        flag("StorageCapacity", "storageCapacity"),
                        Columns.text(
                                "TokenRequests",
                                d -> d.spec().get("tokenRequests").list().isEmpty()
                                        ? "<unset>"
                                        : d.spec().get("tokenRequests").stream()
                                                .map(request ->
                                                        request.get("audience").string())
                                                .collect(Collectors.joining(","))),
                        flag("RequiresRepublish", "requiresRepublish"),
                        Columns.text(
                                "Modes",
                                d -> Columns.joined(
                                        d.spec().get("volumeLifecycleModes").strings())),
                        Columns.AGE)
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    if (object.name().length() > 63)
                        check.add(FieldError.tooLong("metadata.name", "may not be more than 63 bytes"));
                    for (var mode : object.spec().get("volumeLifecycleModes").views())
                        check.oneOf(mode, "spec.volumeLifecycleModes", Set.of("Persistent", "Ephemeral"));
                    if (old.exists())
                        for (var field : List.of("attachRequired", "fsGroupPolicy", "volumeLifecycleModes"))
                            check.immutable(object.spec().get(field), old.spec().get(field), "spec." + field);
                    return check.errors();
                });
    }

    private static Column flag(String name, String field) {
        return new Column(
                name, "boolean", 0, "", (d, now) -> d.spec().get(field).bool());
    }
}
