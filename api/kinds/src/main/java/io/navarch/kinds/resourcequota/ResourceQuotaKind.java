package io.navarch.kinds.resourcequota;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.ResourceQuota;
import io.navarch.model.ResourceQuotaScope;
import io.navarch.model.ResourceQuotaSpec;
import io.navarch.model.Resources;
import io.navarch.model.ScopeSelectorOperator;
import io.navarch.model.ScopedResourceSelectorRequirement;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// ResourceQuota. What it limits is enforced by [ResourceQuotaAdmission].
public final class ResourceQuotaKind {
    private static final Set<String> POD_RESOURCES = Set.of(
            ResourceNames.PODS,
            ResourceNames.CPU,
            ResourceNames.MEMORY,
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory");
    private static final Set<String> CLAIM_RESOURCES = Set.of("persistentvolumeclaims", "requests.storage");
    /// Scopes that either hold or not: there is nothing to compare.
    private static final Set<ResourceQuotaScope> WITHOUT_VALUES = EnumSet.of(
            ResourceQuotaScope.BEST_EFFORT,
            ResourceQuotaScope.NOT_BEST_EFFORT,
            ResourceQuotaScope.TERMINATING,
            ResourceQuotaScope.NOT_TERMINATING,
            ResourceQuotaScope.CROSS_NAMESPACE_POD_AFFINITY);
    private static final List<Set<ResourceQuotaScope>> CONFLICTS = List.of(
            EnumSet.of(ResourceQuotaScope.BEST_EFFORT, ResourceQuotaScope.NOT_BEST_EFFORT),
            EnumSet.of(ResourceQuotaScope.TERMINATING, ResourceQuotaScope.NOT_TERMINATING));

    private ResourceQuotaKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.RESOURCE_QUOTAS)
                .showsDeleted()
                .version(
                        types.get("V1ResourceQuota"),
                        columns -> columns.name()
                                .text("Request", quota -> usage(quota, false))
                                .text("Limit", quota -> usage(quota, true))
                                .age())
                .shortNames("quota")
                .withStatus()
                .statusRuledBy(ResourceQuotaKind::checkStatus)
                .ruledBy(ResourceQuotaKind::check)
                .build();
    }

    private static String usage(ResourceQuota quota, boolean limits) {
        var used = quota.status().used();
        return new TreeMap<>(quota.status().hard())
                .entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("limits.") == limits)
                        .map(entry -> entry.getKey() + ": " + used.getOrDefault(entry.getKey(), Quantity.ZERO) + "/"
                                + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static List<FieldError> checkStatus(ResourceQuota quota, ResourceQuota old) {
        var check = new Check();
        amounts(quota.status().hard(), "status.hard", check);
        amounts(quota.status().used(), "status.used", check);
        return check.errors();
    }

    private static List<FieldError> check(ResourceQuota quota, ResourceQuota old) {
        var check = new Check();
        var spec = quota.spec();
        amounts(spec.hard(), "spec.hard", check);
        scopes(spec, "spec.scopes", check);
        selector(spec, check);
        var scopes = spec.raw(ResourceQuotaSpec.SCOPES);
        var before = old.spec().raw(ResourceQuotaSpec.SCOPES);
        if (old.exists() && !Set.copyOf(scopes.strings()).equals(Set.copyOf(before.strings())))
            check.invalid("spec.scopes", scopes.value(), "field is immutable");
        return check.errors();
    }

    private static void amounts(Map<String, Quantity> amounts, String path, Check check) {
        amounts.forEach((name, amount) -> {
            var at = path + "[" + name + "]";
            check.quotaName(name, at);
            check.notNegative(amount, at);
            if (QuotaUsage.countsObjects(name) || ResourceNames.extended(name)) check.whole(amount, at);
        });
    }

    private static void scopes(ResourceQuotaSpec spec, String path, Check check) {
        var names = spec.raw(ResourceQuotaSpec.SCOPES).strings();
        for (var scope : spec.scopes()) {
            if (!scope.known()) check.invalid(path, names, "unsupported scope");
            applied(scope, spec, path, names, check);
        }
        conflicts(spec.scopes(), path, names, check);
    }

    private static void conflicts(Collection<ResourceQuotaScope> scopes, String path, List<String> names, Check check) {
        for (var pair : CONFLICTS) {
            if (scopes.containsAll(pair)) check.invalid(path, names, "conflicting scopes");
        }
    }

    private static void applied(
            ResourceQuotaScope scope, ResourceQuotaSpec spec, String path, @Nullable Object shown, Check check) {
        for (var resource : spec.hard().keySet()) {
            if (ResourceNames.quota(resource) && !fits(scope, resource))
                check.invalid(path, shown, "unsupported scope applied to resource");
        }
    }

    /// Whether a scope can narrow a limit of this resource.
    private static boolean fits(ResourceQuotaScope scope, String resource) {
        return switch (scope) {
            case BEST_EFFORT -> resource.equals(ResourceNames.PODS);
            case TERMINATING, NOT_TERMINATING, NOT_BEST_EFFORT, PRIORITY_CLASS, CROSS_NAMESPACE_POD_AFFINITY ->
                POD_RESOURCES.contains(resource);
            case VOLUME_ATTRIBUTES_CLASS -> CLAIM_RESOURCES.contains(resource);
            case UNSET, UNRECOGNIZED -> true;
        };
    }

    private static void selector(ResourceQuotaSpec spec, Check check) {
        // Without the index, as the original has it.
        var path = "spec.scopeSelector.matchExpressions";
        var requirements = spec.scopeSelector().matchExpressions();
        var shown = spec.scopeSelector().view().value();
        for (var requirement : requirements) {
            applied(requirement.scopeName(), spec, path, shown, check);
            requirement(requirement, path, check);
        }
        var scopes = requirements.stream()
                .map(ScopedResourceSelectorRequirement::scopeName)
                .toList();
        conflicts(scopes, path, spec.raw(ResourceQuotaSpec.SCOPES).strings(), check);
    }

    private static void requirement(ScopedResourceSelectorRequirement requirement, String path, Check check) {
        var operator =
                requirement.raw(ScopedResourceSelectorRequirement.OPERATOR).string();
        if (!requirement.scopeName().known())
            check.invalid(
                    path + ".scopeName",
                    requirement
                            .raw(ScopedResourceSelectorRequirement.SCOPE_NAME)
                            .string(),
                    "unsupported scope");
        if (WITHOUT_VALUES.contains(requirement.scopeName()) && requirement.operator() != ScopeSelectorOperator.EXISTS)
            check.invalid(
                    path + ".operator",
                    operator,
                    "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                            + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                            + " ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        switch (requirement.operator()) {
            case IN, NOT_IN -> {
                if (requirement.values().isEmpty())
                    check.missing(
                            path + ".values",
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!requirement.values().isEmpty())
                    check.invalid(
                            path + ".values",
                            requirement.values(),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
            }
            case UNSET, UNRECOGNIZED -> check.invalid(path + ".operator", operator, "not a valid selector operator");
        }
    }
}
