package io.navarch.kinds.controllerrevision;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.Locale;

/// ControllerRevision: a past state of a DaemonSet or StatefulSet.
public final class ControllerRevisionKind {
    private ControllerRevisionKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("apps", "ControllerRevision", "controllerrevisions")
                .version(
                        "v1",
                        types.get("V1ControllerRevision"),
                        Columns.NAME,
                        Columns.text("Controller", ControllerRevisionKind::controller),
                        Columns.count("Revision", "revision"),
                        Columns.AGE)
                .ruledBy((object, old) -> {
                    var check = new Check();
                    if (!object.get("data").exists()) check.add(FieldError.required("data", "data is mandatory"));
                    check.notNegative(object.get("revision"), "revision");
                    if (old.exists()) check.immutable(object.get("data"), old.get("data"), "data");
                    return check.errors();
                });
    }

    private static String controller(View object) {
        var owner = object.controller();
        if (!owner.exists()) return "<none>";
        var group = owner.get("apiVersion").string();
        int slash = group.indexOf('/');
        return owner.get("kind").string().toLowerCase(Locale.ROOT) + (slash < 0 ? "" : "." + group.substring(0, slash))
                + "/" + owner.get("name").string();
    }
}
