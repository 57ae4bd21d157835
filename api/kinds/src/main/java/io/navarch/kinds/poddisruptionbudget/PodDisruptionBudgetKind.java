package io.navarch.kinds.poddisruptionbudget;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ConditionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.model.PodDisruptionBudgetSpec;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.IntOrString;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PodDisruptionBudget: how many pods of an application may be evicted at a time.
public final class PodDisruptionBudgetKind {
    private PodDisruptionBudgetKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.POD_DISRUPTION_BUDGETS)
                .version(
                        types.get("V1PodDisruptionBudget"),
                        columns -> columns.name()
                                .text(
                                        "Min Available",
                                        budget -> share(budget.spec().minAvailable()))
                                .text(
                                        "Max Unavailable",
                                        budget -> share(budget.spec().maxUnavailable()))
                                .number(
                                        "Allowed Disruptions",
                                        budget -> budget.status().disruptionsAllowed())
                                .age())
                .shortNames("pdb")
                .withStatus()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((object, old) -> check(object.spec()))
                .statusRuledBy((object, old) -> checkStatus(object))
                .named(Names::pathSegment)
                .withAnyFinalizers()
                .checkingUpdates()
                .build();
    }

    private static List<FieldError> check(PodDisruptionBudgetSpec spec) {
        var check = new Check();
        if (spec.hasMinAvailable() && spec.hasMaxUnavailable())
            check.add(FieldError.invalid(
                    "spec",
                    Check.shown(
                            spec.view(),
                            PodDisruptionBudgetSpec.MIN_AVAILABLE,
                            PodDisruptionBudgetSpec.SELECTOR,
                            PodDisruptionBudgetSpec.MAX_UNAVAILABLE,
                            PodDisruptionBudgetSpec.UNHEALTHY_POD_EVICTION_POLICY),
                    "minAvailable and maxUnavailable cannot be both set"));
        share(spec.minAvailable(), "spec.minAvailable", check);
        share(spec.maxUnavailable(), "spec.maxUnavailable", check);
        return check.errors();
    }

    private static List<FieldError> checkStatus(PodDisruptionBudget budget) {
        var check = new Check();
        ConditionRules.check(budget.status().conditions(), "status.conditions", check);
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
