package io.navarch.controllers.servicecidr;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Keeps an IPAddress for every cluster IP, and none for an address that no Service has.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
public final class IpAddressController implements LegacyController<IpAddressController.Seen> {
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String MANAGER = "ipallocator.k8s.io";
    private static final String BY_ADDRESS = "address";

    /// @param services those that have the address
    public record Seen(String address, View object, List<View> services) {}

    @Override
    public String name() {
        return "ipallocator-repair-controller";
    }

    @Override
    public String queue() {
        return "ipaddresses";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(
                        Resources.SERVICES.untyped(),
                        service -> addresses(service).stream()
                                .map(address -> new ObjectKey("", address))
                                .toList()),
                new Input(Resources.IP_ADDRESSES.untyped(), LegacyController::self));
    }

    private static List<String> addresses(View service) {
        return service.spec().get("clusterIPs").strings().stream()
                .filter(address -> !address.isEmpty() && !address.equals("None"))
                .toList();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("networking.k8s.io", "ipaddresses", "create,update,delete"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.SERVICES.untyped()).indexedBy(BY_ADDRESS, service -> List.copyOf(addresses(service)));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        return new Seen(
                key.name(),
                caches.of(Resources.IP_ADDRESSES.untyped()).get(key),
                caches.of(Resources.SERVICES.untyped()).byIndex(BY_ADDRESS, key.name()));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        boolean ours = seen.object.labels().getOrDefault(MANAGED_BY, "").equals(MANAGER);
        if (seen.services.isEmpty()) {
            if (seen.object.exists() && ours && !seen.object.deleting())
                actions.add(new Action.Delete(Resources.IP_ADDRESSES.untyped(), seen.object.key(), seen.object.uid()));
            return Decision.of(actions);
        }
        var service = seen.services.getFirst();
        if (seen.services.size() > 1)
            for (var other : seen.services)
                actions.add(Action.RecordEvent.warning(
                        other,
                        "ClusterIPAlreadyAllocated",
                        "Cluster IP " + seen.address + " was assigned to multiple services; please recreate service"));
        var parent = Trees.map(
                "group", "", "resource", "services", "namespace", service.namespace(), "name", service.name());
        if (!seen.object.exists()) {
            actions.add(new Action.Create(
                    Resources.IP_ADDRESSES.untyped(),
                    Trees.map(
                            "metadata",
                            Trees.map(
                                    "name",
                                    seen.address,
                                    "labels",
                                    Trees.map(
                                            "ipaddress.kubernetes.io/ip-family",
                                            seen.address.contains(":") ? "IPv6" : "IPv4",
                                            MANAGED_BY,
                                            MANAGER)),
                            "spec",
                            Trees.map("parentRef", parent))));
        } else if (ours && !same(seen.object.spec().get("parentRef"), service)) {
            // The address went to another Service: the object tells of that one anew.
            actions.add(new Action.Delete(Resources.IP_ADDRESSES.untyped(), seen.object.key(), seen.object.uid()));
        }
        return Decision.of(actions);
    }

    private static boolean same(View parent, View service) {
        return parent.get("name").string().equals(service.name())
                && parent.get("namespace").string().equals(service.namespace());
    }
}
