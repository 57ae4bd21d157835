package io.navarch.controllers.endpointslicemirroring;

import io.navarch.client.Caches;
import io.navarch.controllers.SliceLabels;
import io.navarch.controllers.SliceWrites;
import io.navarch.model.AddressType;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointAddress;
import io.navarch.model.EndpointSlice;
import io.navarch.model.EndpointSubset;
import io.navarch.model.Endpoints;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Mirrors Endpoints of Services without selector to EndpointSlices.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/service/#endpointslice-mirroring
public final class EndpointSliceMirroringController implements Controller<EndpointSliceMirroringController.Seen> {
    private static final SliceWrites SLICES =
            new SliceWrites("endpoint_slice_mirroring_controller", "endpointslicemirroring-controller.k8s.io");
    private static final Metric SKIPPED = Metric.histogram(
            "endpoint_slice_mirroring_controller_addresses_skipped_per_sync",
            "[ALPHA] Addresses beyond what is mirrored of one subset.",
            Metric.exponential(2, 2, 15));
    private static final Metric TOOK = Metric.histogram(
            "endpoint_slice_mirroring_controller_endpoints_sync_duration",
            "[ALPHA] How long one look took, in seconds.",
            Metric.exponential(0.001, 2, 15));

    private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    /// At most this many addresses of one subset are mirrored.
    private static final int MOST = 1000;

    /// @param mirrored whether the Endpoints are to be mirrored
    /// @param slices the mirrors there are
    public record Seen(Endpoints endpoints, boolean mirrored, List<EndpointSlice> slices) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("endpointslicemirroring-controller")
                .queue("endpoint_slice_mirroring")
                .watches(Resources.ENDPOINTS, Controller::self)
                .watches(Resources.SERVICES, Controller::self)
                .watches(
                        Resources.ENDPOINT_SLICES,
                        slice -> SLICES.manages(slice) ? SliceLabels.serviceOf(slice) : List.of())
                .may("discovery.k8s.io", "endpointslices", "create,update,delete")
                .metrics(SLICES.metrics())
                .metrics(SKIPPED, TOOK)
                .build();
    }

    @Override
    public List<Metric.Sample> syncMetrics(Seen seen, Decision decision, Duration took, boolean failed) {
        var samples = new ArrayList<Metric.Sample>();
        samples.add(TOOK.of(took.toNanos() / 1e9));
        if (failed) return samples;
        samples.addAll(SLICES.synced(seen.slices, decision.actions()));
        int skipped = seen.endpoints.subsets().stream()
                .mapToInt(subset -> tooMany(subset.addresses()) + tooMany(subset.notReadyAddresses()))
                .sum();
        samples.add(SKIPPED.of(skipped));
        return samples;
    }

    private static int tooMany(List<EndpointAddress> addresses) {
        return Math.max(0, addresses.size() - MOST);
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        return SLICES.gauges(caches.of(Resources.ENDPOINT_SLICES).all());
    }

    @Override
    public void prepare(Caches caches) {
        SliceLabels.index(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var endpoints = caches.of(Resources.ENDPOINTS).get(key);
        var service = caches.of(Resources.SERVICES).get(key);
        boolean mirrored = endpoints.exists()
                && service.exists()
                && service.spec().selector().isEmpty()
                && !"true".equals(endpoints.labels().get(SKIP_MIRROR))
                && endpoints.annotation(LEADER).isEmpty();
        var slices =
                SliceLabels.of(caches, key).stream().filter(SLICES::manages).toList();
        return mirrored || !slices.isEmpty() ? Optional.of(new Seen(endpoints, mirrored, slices)) : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var changes = new ArrayList<Action>();
        var spare = new ArrayList<>(seen.slices);
        for (var content : seen.mirrored ? contents(seen.endpoints) : List.<SliceWrites.Content>of()) {
            var slice = spare.stream()
                    .filter(each -> each.addressType() == content.family())
                    .findFirst();
            if (slice.isEmpty()) {
                changes.add(SLICES.create(seen.endpoints, Resources.ENDPOINTS, content));
                continue;
            }
            spare.removeIf(each -> each.uid().equals(slice.get().uid()));
            changes.addAll(SLICES.update(slice.get(), content));
        }
        for (var slice : spare) changes.add(SLICES.delete(slice));
        return Decision.of(changes);
    }

    /// What the slices should hold: one for each subset and address family.
    private static List<SliceWrites.Content> contents(Endpoints endpoints) {
        var labels = SLICES.labels(endpoints.labels(), endpoints.name());
        labels.remove(SliceLabels.ENDPOINTS_MANAGED_BY);
        var result = new ArrayList<SliceWrites.Content>();
        for (var subset : endpoints.subsets()) {
            var ports = subset.ports().stream()
                    .map(port -> DiscoveryEndpointPort.of(port.view()))
                    .toList();
            byFamily(subset)
                    .forEach(
                            (family, mirrored) -> result.add(new SliceWrites.Content(family, mirrored, ports, labels)));
        }
        return result;
    }

    private static Map<AddressType, List<Endpoint>> byFamily(EndpointSubset subset) {
        var result = new EnumMap<AddressType, List<Endpoint>>(AddressType.class);
        for (var address : subset.addresses()) add(address, true, result);
        for (var address : subset.notReadyAddresses()) add(address, false, result);
        return result;
    }

    private static void add(EndpointAddress address, boolean ready, Map<AddressType, List<Endpoint>> families) {
        var family = address.ip().contains(":") ? AddressType.IPV6 : AddressType.IPV4;
        var endpoints = families.computeIfAbsent(family, key -> new ArrayList<>());
        if (endpoints.size() >= MOST) return;
        var endpoint = Endpoint.builder()
                .addresses(List.of(address.ip()))
                .conditions(conditions -> conditions.ready(ready))
                .targetRef(address.targetRef());
        if (address.hasHostname()) endpoint.hostname(address.hostname());
        if (address.hasNodeName()) endpoint.nodeName(address.nodeName());
        endpoints.add(endpoint.build());
    }
}
