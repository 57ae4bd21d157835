package io.navarch.controllers.servicecidr;

import io.navarch.client.Caches;
import io.navarch.kinds.ipaddress.ServiceAddresses;
import io.navarch.model.IPAddress;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps an IPAddress for every cluster IP, and none for an address that no Service has.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
public final class IpAddressController implements Controller<IpAddressController.Seen> {
    private static final String BY_ADDRESS = "address";

    /// @param services those that have the address
    public record Seen(String address, IPAddress object, List<Service> services) {}

    record SharedAddress(String address) implements Reason {
        @Override
        public String reason() {
            return "ClusterIPAlreadyAllocated";
        }

        @Override
        public String message() {
            return "Cluster IP " + address + " was assigned to multiple services; please recreate service";
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("ipallocator-repair-controller")
                .queue("ipaddresses")
                .watches(Resources.SERVICES, IpAddressController::keysOf)
                .watches(Resources.IP_ADDRESSES, Controller::self)
                .may("networking.k8s.io", "ipaddresses", "create,update,delete")
                .build();
    }

    private static List<ObjectKey> keysOf(Service service) {
        return addresses(service).stream()
                .map(address -> new ObjectKey("", address))
                .toList();
    }

    private static List<String> addresses(Service service) {
        return service.spec().clusterIPs().stream()
                .filter(address -> !address.isEmpty() && !address.equals("None"))
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.SERVICES).indexedBy(BY_ADDRESS, IpAddressController::addresses);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return Optional.of(new Seen(
                key.name(),
                caches.of(Resources.IP_ADDRESSES).get(key),
                caches.of(Resources.SERVICES).byIndex(BY_ADDRESS, key.name())));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var object = seen.object;
        boolean ours = ServiceAddresses.kept(object);
        if (seen.services.isEmpty())
            return object.exists() && ours && !object.deleting() ? delete(object) : Decision.NOTHING;
        var decision = Decision.builder();
        var service = seen.services.getFirst();
        if (!object.exists())
            decision.change(new Action.Create(Resources.IP_ADDRESSES, ServiceAddresses.of(seen.address, service)));
        // The address went to another Service; once deleted, the object is made anew for that one.
        else if (ours && !isOf(object, service)) decision.change(new Action.Delete(Resources.IP_ADDRESSES, object));
        if (seen.services.size() > 1) {
            for (var other : seen.services)
                decision.event(Action.RecordEvent.warning(other, new SharedAddress(seen.address)));
        }
        return decision.build();
    }

    private static Decision delete(IPAddress object) {
        return Decision.of(new Action.Delete(Resources.IP_ADDRESSES, object));
    }

    private static boolean isOf(IPAddress object, Service service) {
        var parent = object.spec().parentRef();
        return parent.name().equals(service.name()) && parent.namespace().equals(service.namespace());
    }
}
