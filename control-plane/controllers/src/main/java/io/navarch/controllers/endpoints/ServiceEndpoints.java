package io.navarch.controllers.endpoints;

import io.navarch.controllers.SliceLabels;
import io.navarch.controllers.SliceWrites;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.EndpointAddress;
import io.navarch.model.EndpointPort;
import io.navarch.model.EndpointSubset;
import io.navarch.model.Endpoints;
import io.navarch.model.ObjectReference;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.reconcile.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// A Service's Endpoints, for clients that know no EndpointSlices.
final class ServiceEndpoints {
    private ServiceEndpoints() {}

    /// The write that brings the Endpoints up to date; empty when they are.
    static Optional<Action> write(ServiceBackends backends) {
        var subsets = new ArrayList<EndpointSubset>();
        backends.byPorts()
                .forEach((ports, pods) -> subset(backends, ports, pods).ifPresent(subsets::add));
        var labels = new HashMap<>(backends.service().labels());
        labels.put(SliceLabels.ENDPOINTS_MANAGED_BY, "endpoint-controller");
        if (backends.headless()) labels.put(ServiceBackends.HEADLESS, "");
        var endpoints = backends.endpoints();
        if (!endpoints.exists()) {
            var made = Endpoints.builder()
                    .metadata(metadata -> metadata.name(backends.key().name())
                            .namespace(backends.key().namespace())
                            .labels(labels))
                    .subsets(subsets);
            return Optional.of(new Action.Create(Resources.ENDPOINTS, made.build()));
        }
        if (SliceWrites.semanticEquals(subsets, endpoints.subsets()) && labels.equals(endpoints.labels()))
            return Optional.empty();
        var object = endpoints.toBuilder().subsets(subsets).metadata(metadata -> metadata.labels(labels));
        return Optional.of(new Action.Update(Resources.ENDPOINTS, object.build(), ""));
    }

    /// What is left of a Service that is gone.
    static Optional<Action> delete(ServiceBackends backends) {
        return Optional.of(backends.endpoints())
                .filter(endpoints -> endpoints.labels().containsKey(SliceLabels.ENDPOINTS_MANAGED_BY))
                .map(endpoints -> new Action.Delete(Resources.ENDPOINTS, backends.key(), endpoints.uid()));
    }

    private static Optional<EndpointSubset> subset(
            ServiceBackends backends, List<DiscoveryEndpointPort> ports, List<Pod> pods) {
        var ready = new ArrayList<EndpointAddress>();
        var waiting = new ArrayList<EndpointAddress>();
        for (var pod : pods) {
            if (pod.deleting() && !backends.publishesNotReady()) continue;
            (backends.serves(pod) ? ready : waiting).add(address(backends, pod));
        }
        if (ready.isEmpty() && waiting.isEmpty()) return Optional.empty();
        var subset = EndpointSubset.builder()
                .ports(ports.stream().map(ServiceEndpoints::port).toList());
        if (!ready.isEmpty()) subset.addresses(ready);
        if (!waiting.isEmpty()) subset.notReadyAddresses(waiting);
        return Optional.of(subset.build());
    }

    private static EndpointPort port(DiscoveryEndpointPort port) {
        var copy = EndpointPort.of(port.view()).toBuilder();
        if (port.name().isEmpty()) copy.clearName();
        return copy.build();
    }

    private static EndpointAddress address(ServiceBackends backends, Pod pod) {
        var address = EndpointAddress.builder()
                .ip(pod.status().podIP())
                .nodeName(pod.spec().nodeName())
                .targetRef(reference(pod));
        if (backends.named(pod)) address.hostname(pod.spec().hostname());
        return address.build();
    }

    static ObjectReference reference(Pod pod) {
        return ObjectReference.builder()
                .kind(Resources.PODS.kind())
                .namespace(pod.namespace())
                .name(pod.name())
                .uid(pod.uid())
                .build();
    }
}
