package io.navarch.kinds.controllerrevision;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.ControllerRevision;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// ControllerRevision: a past state of a DaemonSet or StatefulSet.
public final class ControllerRevisionKind {
    private ControllerRevisionKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CONTROLLER_REVISIONS)
                .version(
                        types.get("V1ControllerRevision"),
                        columns -> columns.name()
                                .text("Controller", object -> controller(object))
                                .untyped("Revision", object -> object.revision())
                                .age())
                .ruledBy(ControllerRevisionKind::check)
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static List<FieldError> check(ControllerRevision revision, ControllerRevision old) {
        var check = new Check();
        check.notNegative(revision.raw(ControllerRevision.REVISION), "revision");
        if (old.exists()) check.immutable(revision.data(), old.data(), "data");
        else if (!revision.hasData()) check.missing("data", "data is mandatory");
        else if (!(revision.raw(ControllerRevision.DATA).value() instanceof Map))
            check.missing("data", "data must be a valid JSON object");
        return check.errors();
    }

    private static String controller(ControllerRevision revision) {
        var owner = revision.controller();
        if (!owner.exists()) return "<none>";
        var group = owner.apiVersion();
        int slash = group.indexOf('/');
        return owner.kind().toLowerCase(Locale.ROOT) + (slash < 0 ? "" : "." + group.substring(0, slash)) + "/"
                + owner.name();
    }
}
