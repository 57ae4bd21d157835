package io.navarch.kinds.priorityclass;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.PriorityClass;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;

/// PriorityClass: how important pods are.
public final class PriorityClassKind {
    private static final long HIGHEST_USER_VALUE = 1_000_000_000L;
    private static final List<String> POLICIES = List.of("PreemptLowerPriority", "Never");
    private static final String SYSTEM = "system-";
    private static final Map<String, Integer> OWN =
            Map.of("system-node-critical", 2_000_001_000, "system-cluster-critical", 2_000_000_000);

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
        var policy = PriorityClass.PREEMPTION_POLICY;
        if (old.exists()) {
            if (now.value() != old.value()) check.forbidden("value", "may not be changed in an update.");
            check.immutable(now.raw(policy), old.raw(policy), policy);
            return check.errors();
        }
        if (now.name().startsWith(SYSTEM)) system(now, check);
        else if (now.value() > HIGHEST_USER_VALUE)
            check.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST_USER_VALUE);
        var sent = now.raw(policy).string();
        if (check.required(sent, policy)) check.listed(sent, policy, POLICIES);
        return check.errors();
    }

    /// Names of the system's own classes are taken for these only.
    private static void system(PriorityClass now, Check check) {
        var value = OWN.get(now.name());
        var wrong = value == null
                ? now.name() + " is not a known system priority class"
                : now.value() != value
                        ? "value of " + now.name() + " PriorityClass must be " + value
                        : now.globalDefault() ? "globalDefault of " + now.name() + " PriorityClass must be false" : "";
        if (!wrong.isEmpty())
            check.forbidden(
                    "metadata.name",
                    "priority class names with '" + SYSTEM + "' prefix are reserved for system use only. error: "
                            + wrong);
    }
}
