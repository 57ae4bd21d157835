package io.navarch.kinds.resourcequota;

import io.navarch.model.ResourceQuotaSpec;
import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.ArrayList;
import java.util.List;
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
        if (call.namespace().isEmpty() || call.is("", "namespaces")) return false;
        if (call.operation() == Operation.CREATE) return call.subresource().isEmpty();
        return call.operation() == Operation.UPDATE
                && call.group().isEmpty()
                && UPDATED.contains(call.resource())
                && (call.subresource().isEmpty() || call.subresource().equals("resize"));
    }

    @Override
    public boolean exclusive(Admission.Attributes call, Admission.Lookup lookup) {
        return !lookup.list("", "resourcequotas", call.namespace()).isEmpty();
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var quotas = lookup.list("", "resourcequotas", call.namespace());
        if (quotas.isEmpty()) return;
        var wanted = QuotaUsage.of(call.group(), call.resource(), object);
        var before = old.exists() ? QuotaUsage.of(call.group(), call.resource(), old) : Map.<String, Quantity>of();
        List<View> objects = null;
        for (var quota : quotas) {
            var spec = quota.spec();
            if (!QuotaUsage.inScope(ResourceQuotaSpec.of(spec), call.group(), call.resource(), object)) continue;
            var hard = spec.get("hard").map();
            if (call.operation() == Operation.CREATE) mustSay(call, quota.name(), hard.keySet(), wanted, object);
            var more = new TreeMap<String, Quantity>();
            for (var name : hard.keySet()) {
                var amount = wanted.get(name);
                if (amount == null) continue;
                var past = before.getOrDefault(name, Quantity.ZERO);
                if (amount.compareTo(past) > 0)
                    more.put(name, new Quantity(amount.value().subtract(past.value()), amount.format()));
            }
            if (more.isEmpty()) continue;
            if (objects == null) objects = lookup.list(call.group(), call.resource(), call.namespace());
            exceed(call, quota.name(), hard, more, use(call, spec, objects));
        }
    }

    /// The sum over all objects of the call's resource that count against the quota.
    private static Map<String, Quantity> use(Admission.Attributes call, View quota, List<View> objects) {
        var total = new TreeMap<String, Quantity>();
        for (var object : objects) {
            if (!QuotaUsage.inScope(ResourceQuotaSpec.of(quota), call.group(), call.resource(), object)) continue;
            QuotaUsage.of(call.group(), call.resource(), object)
                    .forEach((name, amount) -> total.merge(name, amount, Quantity::plus));
        }
        return total;
    }

    private static void exceed(
            Admission.Attributes call,
            String quota,
            Map<String, Object> hard,
            Map<String, Quantity> more,
            Map<String, Quantity> used) {
        var over = new TreeMap<String, Quantity>();
        more.forEach((name, amount) -> {
            var limit = Quantity.parseOr(hard.get(name), Quantity.ZERO);
            var sum = used.getOrDefault(name, Quantity.ZERO).plus(amount);
            if (sum.compareTo(limit) > 0) over.put(name, amount);
        });
        if (over.isEmpty()) return;
        var requested = new ArrayList<String>();
        var taken = new ArrayList<String>();
        var limited = new ArrayList<String>();
        over.forEach((name, amount) -> {
            requested.add(name + "=" + amount);
            taken.add(name + "=" + used.getOrDefault(name, Quantity.ZERO));
            limited.add(name + "=" + Quantity.parseOr(hard.get(name), Quantity.ZERO));
        });
        throw ApiException.forbidden(
                call.resource(),
                call.group(),
                call.name(),
                "exceeded quota: " + quota + ", requested: " + String.join(",", requested) + ", used: "
                        + String.join(",", taken) + ", limited: " + String.join(",", limited));
    }

    /// Where an amount is limited, every container has to say how much it takes.
    private static void mustSay(
            Admission.Attributes call, String quota, Set<String> hard, Map<String, Quantity> wanted, View pod) {
        if (!call.is("", "pods") || !wanted.containsKey("pods")) return;
        var missing = new TreeMap<String, TreeSet<String>>();
        for (var container : pod.spec().get("containers").views()) {
            for (var limit : hard) {
                var part = limit.startsWith("limits.") ? "limits" : "requests";
                var name = limit.replaceFirst("^(limits|requests)\\.", "");
                if (!Set.of("cpu", "memory", "ephemeral-storage").contains(name)) continue;
                boolean said = container.get("resources", part, name).exists()
                        || pod.spec().get("resources", part, name).exists();
                if (!said)
                    missing.computeIfAbsent(limit, key -> new TreeSet<>())
                            .add(container.get("name").string());
            }
        }
        if (missing.isEmpty()) return;
        var parts = new ArrayList<String>();
        missing.forEach((limit, containers) -> parts.add(limit + " for: " + String.join(",", containers)));
        throw ApiException.forbidden(
                call.resource(),
                call.group(),
                call.name(),
                "failed quota: " + quota + ": must specify " + String.join("; ", parts));
    }
}
