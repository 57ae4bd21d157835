package io.navarch.controllers.endpoints;

import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Endpoints;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Protocol;
import io.navarch.model.Service;
import io.navarch.model.ServicePort;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A Service, absent when it has been deleted, its pods, and what there is of its endpoints.
///
/// @param nodes those that the pods are on, by name
/// @param shares of the processors that zones have, where endpoints are spread by them
public record ServiceBackends(
        ObjectKey key,
        Service service,
        List<Pod> pods,
        List<EndpointSlice> slices,
        Endpoints endpoints,
        Map<String, Node> nodes,
        Map<String, Double> shares) {
    /// A label of what belongs to Services without an address of their own.
    static final String HEADLESS = "service.kubernetes.io/headless";

    boolean headless() {
        return service.spec().clusterIP().equals("None");
    }

    /// Whether the pod is known by a name of its own below the Service's.
    boolean named(Pod pod) {
        var spec = pod.spec();
        return !spec.hostname().isEmpty() && spec.subdomain().equals(service.name());
    }

    /// Whether pods count as ready whatever they say.
    boolean publishesNotReady() {
        return service.spec().publishNotReadyAddresses();
    }

    boolean serves(Pod pod) {
        return publishesNotReady() || Pods.ready(pod) && !pod.deleting();
    }

    String zone(Pod pod) {
        return Nodes.zone(nodes.getOrDefault(pod.spec().nodeName(), Node.ABSENT));
    }

    /// Pods by the port numbers they listen on: named ports may differ between pods.
    Map<List<DiscoveryEndpointPort>, List<Pod>> byPorts() {
        if (pods.isEmpty()) return Map.of();
        boolean named = service.spec().ports().stream()
                .anyMatch(port -> port.targetPort().isText());
        if (!named) return Map.of(ports(pods.getFirst()), pods);
        var result = new LinkedHashMap<List<DiscoveryEndpointPort>, List<Pod>>();
        for (var pod : pods)
            result.computeIfAbsent(ports(pod), key -> new ArrayList<>()).add(pod);
        return result;
    }

    private List<DiscoveryEndpointPort> ports(Pod pod) {
        var result = new ArrayList<DiscoveryEndpointPort>();
        for (var port : service.spec().ports()) {
            var protocol = protocol(port.protocol());
            int number = number(port, protocol, pod);
            if (number == 0) continue;
            var made = DiscoveryEndpointPort.builder()
                    .name(port.name())
                    .protocol(protocol)
                    .port(number);
            if (port.hasAppProtocol()) made.appProtocol(port.appProtocol());
            result.add(made.build());
        }
        return result;
    }

    private static Protocol protocol(Protocol protocol) {
        return protocol == Protocol.UNSET ? Protocol.TCP : protocol;
    }

    private static int number(ServicePort port, Protocol protocol, Pod pod) {
        var target = port.targetPort();
        if (!target.isText()) return target.number();
        for (var container : pod.spec().containers()) {
            for (var each : container.ports()) {
                if (each.name().equals(target.text()) && protocol(each.protocol()) == protocol)
                    return each.containerPort();
            }
        }
        return 0;
    }
}
