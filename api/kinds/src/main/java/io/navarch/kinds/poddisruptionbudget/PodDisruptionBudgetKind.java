package io.navarch.kinds.poddisruptionbudget;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PodDisruptionBudgetSpec;
import io.navarch.objects.FieldError;
import io.navarch.objects.IntOrString;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PodDisruptionBudget: how many pods of an application may be evicted at a time.
public final class PodDisruptionBudgetKind {
    private PodDisruptionBudgetKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("policy", "PodDisruptionBudget", "poddisruptionbudgets")
                .version(
                        "v1",
                        types.get("V1PodDisruptionBudget"),
                        Columns.NAME,
                        Columns.text(
                                "Min Available",
                                PodDisruptionBudget::of,
                                budget -> share(budget.spec().minAvailable())),
                        Columns.text(
                                "Max Unavailable",
                                PodDisruptionBudget::of,
                                budget -> share(budget.spec().maxUnavailable())),
                        Columns.number(
                                "Allowed Disruptions",
                                PodDisruptionBudget::of,
                                budget -> budget.status().disruptionsAllowed()),
                        Columns.AGE)
                .shortNames("pdb")
                .withStatus()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((object, old) -> check(PodDisruptionBudget.of(object).spec()));
    }

    private static List<FieldError> check(PodDisruptionBudgetSpec spec) {
        var check = new Check();
        if (spec.hasMinAvailable() && spec.hasMaxUnavailable())
            check.add(FieldError.invalid(
                    "spec", spec.view().map(), "minAvailable and maxUnavailable cannot be both set"));
        share(spec.minAvailable(), "spec.minAvailable", check);
        share(spec.maxUnavailable(), "spec.maxUnavailable", check);
        return check.errors();
    }

    private static void share(IntOrString share, String path, Check check) {
        check.numberOrPercent(share, path);
        check.atMostAll(share, path);
    }

    private static String share(IntOrString share) {
        return share.exists() ? share.text() : "N/A";
    }
}
