package io.navarch.controllers.resourcequota;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.kinds.resourcequota.QuotaUsage;
import io.navarch.model.ResourceQuotaSpec;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes what is limited and what is used to the status of quotas.
///
/// Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
public final class ResourceQuotaController implements LegacyController<ResourceQuotaController.Seen> {
    private static final List<ResourceType<View>> COUNTED = List.of(
            Resources.PODS.untyped(),
            Resources.SERVICES.untyped(),
            Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
            Resources.SECRETS.untyped(),
            Resources.CONFIG_MAPS.untyped(),
            Resources.REPLICATION_CONTROLLERS.untyped(),
            Resources.DEPLOYMENTS.untyped(),
            Resources.REPLICA_SETS.untyped(),
            Resources.STATEFUL_SETS.untyped(),
            Resources.JOBS.untyped(),
            Resources.CRON_JOBS.untyped(),
            Resources.INGRESSES.untyped(),
            Resources.RESOURCE_QUOTAS.untyped());

    /// @param objects those that the quota's limits count, by their resource
    public record Seen(View quota, Map<ResourceType<View>, List<View>> objects) {}

    @Override
    public String name() {
        return "resourcequota-controller";
    }

    @Override
    public String queue() {
        return "resourcequota_primary";
    }

    @Override
    public List<Input> inputs() {
        return COUNTED.stream()
                .map(type -> new Input(type, ResourceQuotaController::quotasOf))
                .toList();
    }

    /// Whatever changes in a namespace concerns its quotas.
    private static List<ObjectKey> quotasOf(Caches caches, View object) {
        return caches.of(Resources.RESOURCE_QUOTAS.untyped()).inNamespace(object.namespace()).stream()
                .map(View::key)
                .toList();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "resourcequotas/status", "update"));
    }

    private static String qualified(ResourceType<View> type) {
        return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var quota = caches.of(Resources.RESOURCE_QUOTAS.untyped()).get(key);
        if (!quota.exists() || quota.deleting()) return null;
        var objects = new LinkedHashMap<ResourceType<View>, List<View>>();
        var resources = quota.spec().get("hard").map().keySet().stream()
                .map(QuotaUsage::resourceOf)
                .toList();
        for (var type : COUNTED) {
            if (!resources.contains(qualified(type))) continue;
            objects.put(type, caches.of(type).inNamespace(key.namespace()));
        }
        return new Seen(quota, objects);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var hard = seen.quota.spec().get("hard").map();
        var used = new TreeMap<String, Object>();
        var sums = new TreeMap<String, Quantity>();
        seen.objects.forEach((type, objects) -> {
            for (var object : objects) {
                if (!QuotaUsage.inScope(ResourceQuotaSpec.of(seen.quota.spec()), type.group(), type.plural(), object))
                    continue;
                QuotaUsage.of(type.group(), type.plural(), object)
                        .forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
            }
        });
        for (var name : hard.keySet())
            used.put(name, sums.getOrDefault(name, Quantity.ZERO).toString());
        var wanted = Trees.map("hard", Trees.copy(hard), "used", used);
        if (Trees.semanticEquals(seen.quota.status().value(), wanted)) return Decision.of(new ArrayList<>());
        var quota = Trees.copy(seen.quota.map());
        quota.put("status", wanted);
        return Decision.of(List.of(new Action.Update(Resources.RESOURCE_QUOTAS.untyped(), quota, "status")));
    }
}
