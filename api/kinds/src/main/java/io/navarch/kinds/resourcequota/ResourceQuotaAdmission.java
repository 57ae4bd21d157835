package io.navarch.kinds.resourcequota;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Refuses what would take a namespace over one of its quotas. What is used is counted from the objects there are,
/// while no other write to a namespace with quotas is under way, so that no two writes share the same remainder.
public final class ResourceQuotaAdmission implements Admission.Validating {
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
    public boolean exclusive(Admission.Attributes call, Admission.Lookup lookup) {
        return !lookup.list(Resources.RESOURCE_QUOTAS, call.namespace()).isEmpty();
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var quotas = lookup.list(Resources.RESOURCE_QUOTAS, call.namespace());
        if (quotas.isEmpty()) return;
        var wanted = QuotaUsage.of(call.group(), call.resource(), object);
        var before = old.exists() ? QuotaUsage.of(call.group(), call.resource(), old) : Map.<String, Quantity>of();
        var added = added(wanted, before);
        for (var quota : quotas) {
            if (!QuotaUsage.inScope(quota.spec(), call.group(), call.resource(), object)) continue;
            var hard = quota.spec().hard();
            if (call.operation() == Operation.CREATE && call.is(Resources.PODS) && wanted.containsKey("pods"))
                mustSay(call, quota.name(), hard.keySet(), Pod.of(object));
            var more = new TreeMap<>(added);
            more.keySet().retainAll(hard.keySet());
            if (!more.isEmpty()) exceed(call, quota, more, use(call, quota.spec(), lookup));
        }
    }

    private static Map<String, Quantity> added(Map<String, Quantity> wanted, Map<String, Quantity> before) {
        var added = new TreeMap<String, Quantity>();
        wanted.forEach((name, amount) -> {
            var past = before.getOrDefault(name, Quantity.ZERO);
            if (amount.compareTo(past) > 0)
                added.put(name, new Quantity(amount.value().subtract(past.value()), amount.format()));
        });
        return added;
    }

    /// The sum over all objects of the call's resource that count against the quota.
    private static Map<String, Quantity> use(
            Admission.Attributes call, ResourceQuotaSpec quota, Admission.Lookup lookup) {
        var total = new TreeMap<String, Quantity>();
        for (var object : lookup.list(call.group(), call.resource(), call.namespace())) {
            if (!QuotaUsage.inScope(quota, call.group(), call.resource(), object)) continue;
            QuotaUsage.of(call.group(), call.resource(), object)
                    .forEach((name, amount) -> total.merge(name, amount, Quantity::plus));
        }
        return total;
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

    /// Where an amount is limited, every container has to say how much it takes.
    private static void mustSay(Admission.Attributes call, String quota, Set<String> hard, Pod pod) {
        var missing = new TreeMap<String, TreeSet<String>>();
        for (var container : pod.spec().containers()) {
            for (var limit : hard) {
                var name = limit.replaceFirst("^(limits|requests)\\.", "");
                boolean said = part(container.resources(), limit).containsKey(name)
                        || part(pod.spec().resources(), limit).containsKey(name);
                if (ResourceNames.COMPUTE.contains(name) && !said)
                    missing.computeIfAbsent(limit, key -> new TreeSet<>()).add(container.name());
            }
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
