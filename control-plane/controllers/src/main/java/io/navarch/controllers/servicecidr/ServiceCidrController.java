package io.navarch.controllers.servicecidr;

import io.navarch.client.Caches;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.Condition;
import io.navarch.model.ConditionStatus;
import io.navarch.model.IPAddress;
import io.navarch.model.Resources;
import io.navarch.model.ServiceCIDR;
import io.navarch.model.StatusCondition;
import io.navarch.objects.Addresses;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Marks a network of Services as ready, and keeps one that is deleted until every address in use is covered by another
/// network.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
public final class ServiceCidrController implements Controller<ServiceCidrController.Seen> {
    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    private static final String READY = "Ready";

    private static final Reason IS_READY = Reason.of("", "Kubernetes Service CIDR is ready");
    private static final Reason IN_USE = Reason.of(
            "Terminating",
            "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR");

    /// @param others the networks that stay
    /// @param addresses all that are taken
    public record Seen(ServiceCIDR network, List<ServiceCIDR> others, List<String> addresses) {
        boolean inUse() {
            return addresses.stream()
                    .filter(address -> contains(network, address))
                    .anyMatch(address -> others.stream().noneMatch(other -> contains(other, address)));
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("service-cidrs-controller")
                .queue("servicecidrs")
                .watches(Resources.SERVICE_CIDRS, (caches, changed) -> keys(caches, false))
                .watches(Resources.IP_ADDRESSES, (caches, address) -> keys(caches, true))
                .may("networking.k8s.io", "servicecidrs,servicecidrs/status,servicecidrs/finalizers", "patch,update")
                .build();
    }

    private static List<ObjectKey> keys(Caches caches, boolean deletingOnly) {
        return caches.of(Resources.SERVICE_CIDRS).all().stream()
                .filter(network -> network.deleting() || !deletingOnly)
                .map(ServiceCIDR::key)
                .toList();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var network = caches.of(Resources.SERVICE_CIDRS).get(key);
        if (!network.exists()) return Optional.empty();
        var others = caches.of(Resources.SERVICE_CIDRS).all().stream()
                .filter(other -> !other.key().equals(key) && !other.deleting())
                .toList();
        List<String> addresses = network.deleting()
                ? caches.of(Resources.IP_ADDRESSES).all().stream()
                        .map(IPAddress::name)
                        .toList()
                : List.of();
        return Optional.of(new Seen(network, others, addresses));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var network = seen.network;
        var finalizers = new ArrayList<>(network.metadata().finalizers());
        if (!network.deleting()) {
            if (finalizers.contains(FINALIZER)) return ready(network, ConditionStatus.TRUE, IS_READY, now);
            finalizers.add(FINALIZER);
            return finalizers(network, finalizers);
        }
        if (!finalizers.remove(FINALIZER)) return Decision.NOTHING;
        return seen.inUse() ? ready(network, ConditionStatus.FALSE, IN_USE, now) : finalizers(network, finalizers);
    }

    private static boolean contains(ServiceCIDR network, String address) {
        return network.spec().cidrs().stream().anyMatch(cidr -> Addresses.contains(cidr, address));
    }

    private static Decision finalizers(ServiceCIDR network, List<String> finalizers) {
        return Decision.of(
                Action.Patch.ofMetadata(Resources.SERVICE_CIDRS, network, metadata -> metadata.finalizers(finalizers)));
    }

    private static Decision ready(ServiceCIDR network, ConditionStatus status, Reason reason, Instant now) {
        var decision = Decision.builder();
        if (status == ConditionStatus.FALSE) decision.waitingOn(reason);
        var known = network.status().conditions();
        if (StatusCondition.status(known, READY) == status) return decision.build();
        var condition = Conditions.of(Condition::of, READY, status, reason.reason(), reason.message(), now);
        var partial = ServiceCIDR.builder()
                .status(network.status().toBuilder()
                        .conditions(Conditions.with(known, condition))
                        .build())
                .build();
        return decision.change(Action.Patch.ofStatus(Resources.SERVICE_CIDRS, network, partial))
                .build();
    }
}
