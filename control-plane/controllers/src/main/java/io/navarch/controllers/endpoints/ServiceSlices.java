package io.navarch.controllers.endpoints;

import io.navarch.controllers.SliceWrites;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.AddressType;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.Endpoint;
import io.navarch.model.EndpointHints;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Pod;
import io.navarch.model.PodIP;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A Service's EndpointSlices: by address family and by ports, each endpoint where it was before, so that one pod that
/// comes or goes changes one slice.
///
/// Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
final class ServiceSlices {
    private final SliceWrites writes;
    private final ServiceBackends backends;
    private final Service service;
    private final Map<String, String> labels;
    /// Slices that no endpoints are placed in yet.
    private final List<EndpointSlice> spare;

    private final List<Action> changes = new ArrayList<>();
    private final List<Action.RecordEvent> events = new ArrayList<>();

    ServiceSlices(SliceWrites writes, ServiceBackends backends) {
        this.writes = writes;
        this.backends = backends;
        service = backends.service();
        labels = writes.labels(service.labels(), service.name());
        if (backends.headless()) labels.put(ServiceBackends.HEADLESS, "");
        spare = new ArrayList<>(backends.slices());
        place();
    }

    List<Action> changes() {
        return changes;
    }

    List<Action.RecordEvent> events() {
        return events;
    }

    private void place() {
        boolean any = false;
        for (var family : families()) {
            var zones = hints(family);
            for (var group : backends.byPorts().entrySet()) {
                var wanted = endpoints(group.getValue(), family, zones);
                if (wanted.isEmpty()) continue;
                any = true;
                var own = spare.stream()
                        .filter(slice -> slice.addressType() == family
                                && SliceWrites.semanticEquals(group.getKey(), slice.ports()))
                        .toList();
                spare.removeAll(own);
                for (var placed : SlicePlacement.place(wanted, own)) write(family, group.getKey(), placed);
            }
        }
        // A Service without pods still has a slice, so that clients can tell "none" from "not yet".
        if (!any) {
            var slice = spare.isEmpty() ? EndpointSlice.ABSENT : spare.removeFirst();
            write(families().getFirst(), List.of(), new SlicePlacement.Placed(slice, List.of()));
        }
        for (var slice : spare) changes.add(writes.delete(slice));
    }

    /// By the uid of their pod.
    private Map<String, Endpoint> endpoints(List<Pod> pods, AddressType family, Optional<ZoneHints> zones) {
        var result = new LinkedHashMap<String, Endpoint>();
        for (var pod : pods)
            address(pod, family).ifPresent(address -> result.put(pod.uid(), endpoint(pod, address, zones)));
        return result;
    }

    /// The zones that endpoints of one family are meant for, and an event when that begins or ends; empty when the
    /// Service does not ask for it.
    private Optional<ZoneHints> hints(AddressType family) {
        if (!ZoneHints.wanted(service)) return Optional.empty();
        var zones = new LinkedHashMap<String, String>();
        for (var pod : backends.pods()) {
            boolean serves = backends.serves(pod) && address(pod, family).isPresent();
            if (serves) zones.put(pod.uid(), backends.zone(pod));
        }
        var hints = ZoneHints.of(zones, backends.shares());
        boolean before = backends.slices().stream()
                .filter(slice -> slice.addressType() == family)
                .flatMap(slice -> slice.endpoints().stream())
                .anyMatch(endpoint -> endpoint.hints().hasForZones());
        boolean now = !hints.zones().isEmpty();
        var suffix = ", addressType: " + family.text();
        if (now && !before)
            events.add(Action.RecordEvent.normal(
                    service, Reason.of("TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled" + suffix)));
        if (!now && before)
            events.add(Action.RecordEvent.warning(
                    service,
                    Reason.of(
                            "TopologyAwareHintsDisabled",
                            hints.refusal().map(HintRefusal::text).orElse("") + suffix)));
        return Optional.of(hints);
    }

    private List<AddressType> families() {
        var families = service.spec().ipFamilies();
        if (families.isEmpty()) return List.of(AddressType.IPV4);
        return families.stream().map(family -> AddressType.of(family.text())).toList();
    }

    private static Optional<String> address(Pod pod, AddressType family) {
        var status = pod.status();
        return Stream.concat(status.podIPs().stream().map(PodIP::ip), Stream.of(status.podIP()))
                .filter(ip -> !ip.isEmpty() && ip.contains(":") == (family == AddressType.IPV6))
                .findFirst();
    }

    private Endpoint endpoint(Pod pod, String address, Optional<ZoneHints> zones) {
        boolean serves = backends.serves(pod);
        var spec = pod.spec();
        var zone = backends.zone(pod);
        var endpoint = Endpoint.builder()
                .addresses(List.of(address))
                .conditions(conditions ->
                        conditions.ready(serves).serving(Pods.ready(pod)).terminating(pod.deleting()))
                .nodeName(spec.nodeName())
                .targetRef(ServiceEndpoints.reference(pod));
        if (serves) endpoint.hints(hints(pod, zone, zones));
        if (backends.named(pod)) endpoint.hostname(spec.hostname());
        if (!zone.isEmpty()) endpoint.zone(zone);
        return endpoint.build();
    }

    /// Whom the endpoint is meant for: by share where the Service asks for that, else by its `trafficDistribution`;
    /// absent when it is for all.
    private EndpointHints hints(Pod pod, String zone, Optional<ZoneHints> shared) {
        if (shared.isPresent()) return forZone(shared.get().zones().getOrDefault(pod.uid(), ""));
        return switch (service.spec().trafficDistribution()) {
            case PREFER_CLOSE, PREFER_SAME_ZONE -> forZone(zone);
            case PREFER_SAME_NODE -> {
                var hints = forZone(zone).toBuilder();
                yield hints.addForNodes(node -> node.name(pod.spec().nodeName()))
                        .build();
            }
            default -> EndpointHints.ABSENT;
        };
    }

    private static EndpointHints forZone(String zone) {
        return zone.isEmpty()
                ? EndpointHints.ABSENT
                : EndpointHints.builder().addForZones(each -> each.name(zone)).build();
    }

    private void write(AddressType family, List<DiscoveryEndpointPort> ports, SlicePlacement.Placed placed) {
        var content = new SliceWrites.Content(family, placed.endpoints(), ports, labels);
        var slice = placed.slice().exists() ? placed.slice() : takeSpare(family);
        if (!slice.exists()) changes.add(writes.create(service, Resources.SERVICES, content));
        else if (placed.endpoints().isEmpty() && !ports.isEmpty()) changes.add(writes.delete(slice));
        else changes.addAll(writes.update(slice, content));
    }

    /// A slice whose ports are no longer wanted can serve for others; absent when there is none.
    private EndpointSlice takeSpare(AddressType family) {
        var slice = spare.stream()
                .filter(each -> each.addressType() == family)
                .findFirst()
                .orElse(EndpointSlice.ABSENT);
        spare.remove(slice);
        return slice;
    }
}
