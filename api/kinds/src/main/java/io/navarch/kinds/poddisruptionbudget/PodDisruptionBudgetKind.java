package io.navarch.kinds.poddisruptionbudget;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PodDisruptionBudget.
public final class PodDisruptionBudgetKind {
    private PodDisruptionBudgetKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("policy", "PodDisruptionBudget", "poddisruptionbudgets")
                .version(
                        "v1",
                        types.get("V1PodDisruptionBudget"),
                        Columns.NAME,
                        Columns.text("Min Available", b -> share(b.spec().get("minAvailable"))),
                        Columns.text("Max Unavailable", b -> share(b.spec().get("maxUnavailable"))),
                        Columns.count("Allowed Disruptions", "status.disruptionsAllowed"),
                        Columns.AGE)
                .shortNames("pdb")
                .withStatus()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((object, old) -> {
                    var check = new Check();
                    var spec = object.spec();
                    if (spec.get("minAvailable").exists()
                            && spec.get("maxUnavailable").exists())
                        check.add(FieldError.invalid(
                                "spec", spec.map(), "minAvailable and maxUnavailable cannot be both set"));
                    for (var field : List.of("minAvailable", "maxUnavailable")) {
                        check.numberOrPercent(spec.get(field), "spec." + field);
                        check.atMostAll(spec.get(field), "spec." + field);
                    }
                    return check.errors();
                });
    }

    private static String share(View value) {
        return value.exists() ? value.text() : "N/A";
    }
}
