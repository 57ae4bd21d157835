package io.navarch.kinds.priorityclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindDefinition;

/// PriorityClass.
public final class PriorityClassKind {
    private static final long HIGHEST_USER_VALUE = 1_000_000_000L;

    private PriorityClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("scheduling.k8s.io", "PriorityClass", "priorityclasses")
                .version(
                        "v1",
                        types.get("V1PriorityClass"),
                        Columns.NAME,
                        Columns.number("Value", p -> p.get("value").longOr(0)),
                        Columns.text(
                                "Global-Default",
                                p -> String.valueOf(p.get("globalDefault").bool())),
                        Columns.AGE,
                        Columns.wide(
                                "PreemptionPolicy",
                                p -> p.get("preemptionPolicy").string()))
                .names("priorityclass", "PriorityClassList")
                .shortNames("pc")
                .clusterScoped()
                .withGeneration()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    boolean system = object.name().startsWith("system-");
                    if (!system && object.get("value").longOr(0) > HIGHEST_USER_VALUE) {
                        check.add(FieldError.forbidden(
                                "value", "maximum allowed value of a user defined priority is " + HIGHEST_USER_VALUE));
                    }
                    if (old.exists()
                            && object.get("value").longOr(0) != old.get("value").longOr(0)) {
                        check.add(FieldError.forbidden("value", "may not be changed in an update."));
                    }
                    check.immutable(object.get("preemptionPolicy"), old.get("preemptionPolicy"), "preemptionPolicy");
                    return check.errors();
                });
    }
}
