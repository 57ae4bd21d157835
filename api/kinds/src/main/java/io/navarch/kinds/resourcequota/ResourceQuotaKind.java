package io.navarch.kinds.resourcequota;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// ResourceQuota. What it limits is enforced by [ResourceQuotaAdmission].
public final class ResourceQuotaKind {
    private static final Set<String> SCOPES = Set.of(
            "BestEffort",
            "NotBestEffort",
            "Terminating",
            "NotTerminating",
            "PriorityClass",
            "CrossNamespacePodAffinity",
            "VolumeAttributesClass");
    private static final Set<String> POD_RESOURCES = Set.of(
            "pods",
            "cpu",
            "memory",
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory",
            "ephemeral-storage",
            "requests.ephemeral-storage",
            "limits.ephemeral-storage");

    private ResourceQuotaKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "ResourceQuota", "resourcequotas")
                .version(
                        "v1",
                        types.get("V1ResourceQuota"),
                        Columns.NAME,
                        Columns.text("Request", quota -> usage(quota, false)),
                        Columns.text("Limit", quota -> usage(quota, true)),
                        Columns.AGE)
                .shortNames("quota")
                .withStatus()
                .statusRuledBy((quota, old) -> {
                    var check = new Check();
                    amounts(quota.status().get("hard"), "status.hard", check);
                    amounts(quota.status().get("used"), "status.used", check);
                    return check.errors();
                })
                .ruledBy(ResourceQuotaKind::check);
    }

    private static String usage(View quota, boolean limits) {
        return new TreeMap<>(quota.status().get("hard").map())
                .entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("limits.") == limits)
                        .map(entry -> entry.getKey() + ": "
                                + quota.status()
                                        .get("used", entry.getKey())
                                        .text()
                                        .transform(text -> text.isEmpty() ? "0" : text)
                                + "/" + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static List<FieldError> check(View quota, View old) {
        var check = new Check();
        var spec = quota.spec();
        amounts(spec.get("hard"), "spec.hard", check);
        scopes(spec, check);
        if (old.exists()) {
            var now = spec.get("scopes");
            if (!Set.copyOf(now.strings())
                    .equals(Set.copyOf(old.spec().get("scopes").strings())))
                check.add(FieldError.invalid("spec.scopes", now.value(), "field is immutable"));
        }
        return check.errors();
    }

    private static void amounts(View amounts, String path, Check check) {
        for (var entry : amounts.map().entrySet()) {
            var at = path + "[" + entry.getKey() + "]";
            check.quotaName(entry.getKey(), at);
            var amount = Quantity.parseOr(entry.getValue(), Quantity.ZERO);
            if (amount.negative())
                check.add(FieldError.invalid(at, amount.toString(), "must be greater than or equal to 0"));
            boolean whole = QuotaUsage.countsObjects(entry.getKey()) || ResourceNames.extended(entry.getKey());
            if (whole && amount.value().stripTrailingZeros().scale() > 0)
                check.add(FieldError.invalid(at, amount.toString(), "must be an integer"));
        }
    }

    private static void scopes(View spec, Check check) {
        var names = spec.get("scopes").strings();
        for (var scope : names) {
            if (!SCOPES.contains(scope)) {
                check.add(FieldError.invalid("spec.scopes", names, "unsupported scope"));
                continue;
            }
            for (var resource : spec.get("hard").map().keySet()) {
                boolean fits = scope.equals("BestEffort")
                        ? resource.equals("pods")
                        : POD_RESOURCES.contains(resource)
                                || resource.startsWith("requests.")
                                || resource.startsWith("limits.");
                if (!fits) check.add(FieldError.invalid("spec.scopes", names, "unsupported scope applied to resource"));
            }
        }
        for (var pair : List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"))) {
            if (names.containsAll(pair)) check.add(FieldError.invalid("spec.scopes", names, "conflicting scopes"));
        }
        for (var expression : spec.path("scopeSelector.matchExpressions").views()) {
            // Without the index, as the original has it.
            var at = "spec.scopeSelector.matchExpressions";
            var scope = expression.get("scopeName").string();
            if (!SCOPES.contains(scope)) check.add(FieldError.invalid(at + ".scopeName", scope, "unsupported scope"));
            boolean values = !expression.get("values").list().isEmpty();
            var operator = expression.get("operator").string();
            boolean wantsExists = Set.of(
                            "BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity")
                    .contains(scope);
            if (wantsExists && !operator.equals("Exists"))
                check.add(
                        FieldError.invalid(
                                at + ".operator",
                                operator,
                                "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"));
            if (!Set.of("In", "NotIn", "Exists", "DoesNotExist").contains(operator))
                check.add(FieldError.invalid(at + ".operator", operator, "not a valid selector operator"));
            if (operator.endsWith("In") && !values)
                check.add(FieldError.required(
                        at + ".values",
                        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
            if (operator.contains("Exist") && values)
                check.add(FieldError.invalid(
                        at + ".values",
                        expression.get("values").list(),
                        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
        }
    }
}
