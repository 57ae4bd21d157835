package io.navarch.controllers.resourcequota;

import io.navarch.client.Caches;
import io.navarch.kinds.resourcequota.QuotaUsage;
import io.navarch.model.ApiObject;
import io.navarch.model.ResourceQuota;
import io.navarch.model.ResourceQuotaStatus;
import io.navarch.model.Resources;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Publishes limits and usage in the status of quotas.
///
/// Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
public final class ResourceQuotaController implements Controller<ResourceQuotaController.Seen> {
    private static final List<ResourceType<? extends ApiObject>> COUNTED = List.of(
            Resources.PODS,
            Resources.SERVICES,
            Resources.PERSISTENT_VOLUME_CLAIMS,
            Resources.SECRETS,
            Resources.CONFIG_MAPS,
            Resources.REPLICATION_CONTROLLERS,
            Resources.DEPLOYMENTS,
            Resources.REPLICA_SETS,
            Resources.STATEFUL_SETS,
            Resources.JOBS,
            Resources.CRON_JOBS,
            Resources.INGRESSES,
            Resources.RESOURCE_QUOTAS);

    /// @param objects those that the quota's limits count, by their resource
    public record Seen(ResourceQuota quota, Map<ResourceType<?>, List<? extends Lens>> objects) {}

    @Override
    public ControllerWiring wiring() {
        var wiring = ControllerWiring.of("resourcequota-controller").queue("resourcequota_primary");
        for (var type : COUNTED) watch(wiring, type);
        return wiring.watches(Resources.RESOURCE_QUOTAS, Controller::self)
                .may("", "resourcequotas/status", "update")
                .build();
    }

    private static <T extends ApiObject> void watch(ControllerWiring.Builder wiring, ResourceType<T> type) {
        wiring.watchesChanges(type, (caches, old, now) -> {
            var namespace = (now.exists() ? now : old).namespace();
            return caches.of(Resources.RESOURCE_QUOTAS).inNamespace(namespace).stream()
                    .filter(quota -> !used(quota, type, old).equals(used(quota, type, now)))
                    .map(ResourceQuota::key)
                    .toList();
        });
    }

    /// What an object takes of a quota: most changes, such as those of a status, change nothing of it.
    private static Map<String, Quantity> used(ResourceQuota quota, ResourceType<?> type, Lens object) {
        boolean counts =
                object.exists() && QuotaUsage.inScope(quota.spec(), type.group(), type.plural(), View.over(object));
        return counts ? QuotaUsage.of(type.group(), type.plural(), View.over(object)) : Map.of();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var quota = caches.of(Resources.RESOURCE_QUOTAS).get(key);
        if (!quota.exists() || quota.deleting()) return Optional.empty();
        var limited = quota.spec().hard().keySet().stream()
                .map(QuotaUsage::resourceOf)
                .collect(Collectors.toSet());
        var objects = new LinkedHashMap<ResourceType<?>, List<? extends Lens>>();
        for (var type : COUNTED) {
            if (limited.contains(type.toString()))
                objects.put(type, caches.of(type).inNamespace(key.namespace()));
        }
        return Optional.of(new Seen(quota, objects));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var sums = new TreeMap<String, Quantity>();
        seen.objects.forEach((type, objects) -> {
            for (var object : objects) {
                used(seen.quota, type, object).forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
            }
        });
        var hard = seen.quota.spec().hard();
        var used = new TreeMap<String, Quantity>();
        for (var name : hard.keySet()) used.put(name, sums.getOrDefault(name, Quantity.ZERO));
        var status = ResourceQuotaStatus.builder().hard(hard).used(used).build();
        return Decision.builder()
                .status(Action.Update.statusIfChanged(Resources.RESOURCE_QUOTAS, seen.quota, status))
                .build();
    }
}
