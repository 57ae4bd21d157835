package io.navarch.kinds.priorityclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.PriorityClass;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PriorityClass: how important pods are.
public final class PriorityClassKind {
    private static final long HIGHEST_USER_VALUE = 1_000_000_000L;

    private PriorityClassKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PRIORITY_CLASSES)
                .version(
                        types.get("V1PriorityClass"),
                        columns -> columns.name()
                                .number("Value", PriorityClass::value)
                                .flag("Global-Default", p -> p.globalDefault())
                                .age()
                                .text(
                                        "PreemptionPolicy",
                                        p -> p.preemptionPolicy().text()))
                .shortNames("pc")
                .preparedBy(PriorityClass::edit, PriorityClassKind::prepare)
                .ruledBy(PriorityClassKind::check)
                .build();
    }

    /// Of a class there is one generation only: what matters about it never changes.
    private static void prepare(PriorityClass.Builder priorityClass, PriorityClass old) {
        if (!old.exists()) priorityClass.metadata(metadata -> metadata.generation(1L));
    }

    private static List<FieldError> check(PriorityClass now, PriorityClass old) {
        var check = new Check();
        boolean system = now.name().startsWith("system-");
        if (!system && now.value() > HIGHEST_USER_VALUE)
            check.add(FieldError.forbidden(
                    "value", "maximum allowed value of a user defined priority is " + HIGHEST_USER_VALUE));
        if (old.exists() && now.value() != old.value())
            check.add(FieldError.forbidden("value", "may not be changed in an update."));
        var policy = PriorityClass.PREEMPTION_POLICY;
        check.immutable(now.raw(policy), old.raw(policy), policy);
        return check.errors();
    }
}
