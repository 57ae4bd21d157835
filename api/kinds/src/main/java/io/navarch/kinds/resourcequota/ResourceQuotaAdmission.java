package io.navarch.kinds.resourcequota;

import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Pod;
import io.navarch.model.ResourceQuota;
import io.navarch.model.ResourceQuotaSpec;
import io.navarch.model.ResourceRequirements;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Refuses what would take a namespace over one of its quotas. What is used is counted from the objects there are,
/// while no other write to a namespace with quotas is under way, so that no two writes share the same remainder.
public final class ResourceQuotaAdmission implements Admission.Validating {
    private static final Set<String> MUST_BE_SAID = Set.of(ResourceNames.CPU, ResourceNames.MEMORY);
    private static final Set<String> UPDATED = Set.of("pods", "services", "persistentvolumeclaims");

    @Override
    public boolean handles(Admission.Attributes call) {
        if (call.namespace().isEmpty() || call.is(Resources.NAMESPACES)) return false;
        if (call.operation() == Operation.CREATE) return call.subresource().isEmpty();
        return call.operation() == Operation.UPDATE
                && call.group().isEmpty()
                && UPDATED.contains(call.resource())
                && (call.subresource().isEmpty() || call.subresource().equals("resize"));
    }

    @Override
    public Optional<String> serialised(Admission.Attributes call, Admission.Lookup lookup) {
        boolean limited =
                !lookup.list(Resources.RESOURCE_QUOTAS, call.namespace()).isEmpty();
        return limited ? Optional.of("quotas of " + call.namespace()) : Optional.empty();
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var quotas = lookup.list(Resources.RESOURCE_QUOTAS, call.namespace());
        if (quotas.isEmpty()) return;
        var wanted = QuotaUsage.of(call.group(), call.resource(), object);
        var before = old.exists() ? QuotaUsage.of(call.group(), call.resource(), old) : Map.<String, Quantity>of();
        var added = added(wanted, before);
        var concerned = quotas.stream()
                .filter(quota -> QuotaUsage.inScope(quota.spec(), call.group(), call.resource(), object))
                .toList();
        if (call.operation() == Operation.CREATE && call.is(Resources.PODS) && wanted.containsKey("pods"))
            for (var quota : concerned)
                mustSay(call, quota.name(), quota.spec().hard().keySet(), Pod.of(object));
        for (var quota : concerned) {
            var more = new TreeMap<>(added);
            more.keySet().retainAll(quota.spec().hard().keySet());
            if (!more.isEmpty()) exceed(call, quota, more, use(call, quota.spec(), lookup));
        }
    }

    private static Map<String, Quantity> added(Map<String, Quantity> wanted, Map<String, Quantity> before) {
        var added = new TreeMap<String, Quantity>();
        wanted.forEach((name, amount) -> {
            var past = before.getOrDefault(name, Quantity.ZERO);
            if (amount.compareTo(past) > 0) added.put(name, amount.minus(past));
        });
        return added;
    }

    /// The sum over all objects of the call's resource that count against the quota.
    private static Map<String, Quantity> use(
            Admission.Attributes call, ResourceQuotaSpec quota, Admission.Lookup lookup) {
        var scope = ResourceQuotaSpec.builder().scopes(quota.scopes()).scopeSelector(quota.scopeSelector());
        var counted = new Counted(call.group(), call.resource(), scope.build());
        return lookup.sum(call.group(), call.resource(), call.namespace(), counted);
    }

    /// What objects of a resource take of a quota with this scope.
    private record Counted(String group, String resource, ResourceQuotaSpec scope) implements Admission.Amounts {
        @Override
        public Map<String, Quantity> of(View object) {
            return QuotaUsage.inScope(scope, group, resource, object)
                    ? QuotaUsage.of(group, resource, object)
                    : Map.of();
        }
    }

    private static void exceed(
            Admission.Attributes call, ResourceQuota quota, Map<String, Quantity> more, Map<String, Quantity> used) {
        var hard = quota.spec().hard();
        var requested = new ArrayList<String>();
        var taken = new ArrayList<String>();
        var limited = new ArrayList<String>();
        more.forEach((name, amount) -> {
            var limit = hard.getOrDefault(name, Quantity.ZERO);
            var past = used.getOrDefault(name, Quantity.ZERO);
            if (past.plus(amount).compareTo(limit) <= 0) return;
            requested.add(name + "=" + amount);
            taken.add(name + "=" + past);
            limited.add(name + "=" + limit);
        });
        if (requested.isEmpty()) return;
        throw refused(
                call,
                "exceeded quota: " + quota.name() + ", requested: " + String.join(",", requested) + ", used: "
                        + String.join(",", taken) + ", limited: " + String.join(",", limited));
    }

    /// Where an amount is limited, every container has to say how much it takes, those that prepare the pod as well;
    /// unless the pod as a whole says something.
    private static void mustSay(Admission.Attributes call, String quota, Set<String> hard, Pod pod) {
        var spec = pod.spec();
        var whole = spec.resources();
        if (Stream.of(whole.requests(), whole.limits())
                .flatMap(amounts -> amounts.keySet().stream())
                .anyMatch(PodResources::ofWholePods)) return;
        var missing = new TreeMap<String, TreeSet<String>>();
        for (var limit : hard) {
            var name = limit.replaceFirst("^(limits|requests)\\.", "");
            if (!MUST_BE_SAID.contains(name)) continue;
            Stream.concat(spec.containers().stream(), spec.initContainers().stream())
                    .filter(container -> !part(container.resources(), limit).containsKey(name))
                    .forEach(container -> missing.computeIfAbsent(limit, key -> new TreeSet<>())
                            .add(container.name()));
        }
        if (missing.isEmpty()) return;
        var parts = new ArrayList<String>();
        missing.forEach((limit, containers) -> parts.add(limit + " for: " + String.join(",", containers)));
        throw refused(call, "failed quota: " + quota + ": must specify " + String.join("; ", parts));
    }

    private static Map<String, Quantity> part(ResourceRequirements resources, String limit) {
        return limit.startsWith("limits.") ? resources.limits() : resources.requests();
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), call.group(), call.name(), why);
    }
}
