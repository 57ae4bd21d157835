package io.navarch.controllers.servicecidr;

import io.navarch.client.Caches;
import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.Addresses;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Says that a network of Services is ready, and keeps one that is deleted until no address of it is in use that no
/// other
/// network has.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
public final class ServiceCidrController implements LegacyController<ServiceCidrController.Seen> {
    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    /// @param others the networks that stay
    /// @param addresses all that are taken
    public record Seen(View network, List<View> others, List<String> addresses) {}

    @Override
    public String name() {
        return "service-cidrs-controller";
    }

    @Override
    public String queue() {
        return "servicecidrs";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.SERVICE_CIDRS.untyped(), (caches, changed) -> all(caches)),
                new Input(Resources.IP_ADDRESSES.untyped(), (caches, address) -> deleting(caches)));
    }

    private static List<ObjectKey> all(Caches caches) {
        return caches.of(Resources.SERVICE_CIDRS.untyped()).all().stream()
                .map(View::key)
                .toList();
    }

    private static List<ObjectKey> deleting(Caches caches) {
        return caches.of(Resources.SERVICE_CIDRS.untyped()).all().stream()
                .filter(View::deleting)
                .map(View::key)
                .toList();
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of(
                "networking.k8s.io", "servicecidrs,servicecidrs/status,servicecidrs/finalizers", "patch,update"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var network = caches.of(Resources.SERVICE_CIDRS.untyped()).get(key);
        if (!network.exists()) return null;
        var others = caches.of(Resources.SERVICE_CIDRS.untyped()).all().stream()
                .filter(other -> !other.key().equals(key) && !other.deleting())
                .toList();
        var addresses = network.deleting()
                ? caches.of(Resources.IP_ADDRESSES.untyped()).all().stream()
                        .map(View::name)
                        .toList()
                : List.<String>of();
        return new Seen(network, others, addresses);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var network = seen.network;
        var finalizers =
                new ArrayList<Object>(network.metadata().get("finalizers").list());
        if (network.deleting()) {
            if (!finalizers.contains(FINALIZER)) return Decision.NOTHING;
            boolean used = seen.addresses.stream()
                    .anyMatch(address -> contains(network, address)
                            && seen.others.stream().noneMatch(other -> contains(other, address)));
            if (used)
                return ready(
                        network,
                        "False",
                        "Terminating",
                        "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
                        now);
            finalizers.remove(FINALIZER);
            return Decision.of(List.of(finalizers(network, finalizers)));
        }
        if (!finalizers.contains(FINALIZER)) {
            finalizers.add(FINALIZER);
            return Decision.of(List.of(finalizers(network, finalizers)));
        }
        return ready(network, "True", "", "Kubernetes Service CIDR is ready", now);
    }

    private static boolean contains(View network, String address) {
        return network.spec().get("cidrs").strings().stream().anyMatch(cidr -> Addresses.contains(cidr, address));
    }

    private static Action finalizers(View network, List<Object> finalizers) {
        return Action.Patch.ofMetadata(Resources.SERVICE_CIDRS.untyped(), network, "finalizers", finalizers);
    }

    private static Decision ready(View network, String status, String reason, String message, Instant now) {
        if (network.condition("Ready").equals(status)) return Decision.NOTHING;
        var wanted = Trees.copy(network.status().map());
        Conditions.replace(wanted, Conditions.of(network, "Ready", status, reason, message, now));
        return Decision.of(List.of(new Action.Patch(
                Resources.SERVICE_CIDRS.untyped(), network.key(), "status", Trees.map("status", wanted))));
    }
}
