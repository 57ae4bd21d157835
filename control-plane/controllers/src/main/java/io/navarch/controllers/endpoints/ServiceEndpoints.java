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
    /// More addresses are not written into one object, which everybody who follows it would get anew with each change.
    private static final int MOST = 1000;

    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

    private ServiceEndpoints() {}

    /// The addresses that listen on the same ports.
    private record Group(
            List<DiscoveryEndpointPort> ports, List<EndpointAddress> ready, List<EndpointAddress> waiting) {}

    /// The write that brings the Endpoints up to date; empty when they are.
    static Optional<Action> write(ServiceBackends backends) {
        var groups = new ArrayList<Group>();
        backends.byPorts().forEach((ports, pods) -> groups.add(group(backends, ports, pods)));
        var kept = truncated(groups);
        var subsets = kept.stream().flatMap(group -> subset(group).stream()).toList();
        var labels = new HashMap<>(backends.service().labels());
        labels.put(SliceLabels.ENDPOINTS_MANAGED_BY, "endpoint-controller");
        if (backends.headless()) labels.put(ServiceBackends.HEADLESS, "");
        var endpoints = backends.endpoints();
        var annotations = new HashMap<>(endpoints.annotations());
        if (kept.equals(groups)) annotations.remove(OVER_CAPACITY);
        else annotations.put(OVER_CAPACITY, "truncated");
        if (!endpoints.exists()) {
            var made = Endpoints.builder()
                    .metadata(metadata -> {
                        metadata.name(backends.key().name())
                                .namespace(backends.key().namespace())
                                .labels(labels);
                        annotations.forEach(metadata::putAnnotations);
                    })
                    .subsets(subsets);
            return Optional.of(new Action.Create(Resources.ENDPOINTS, made.build()));
        }
        boolean same = labels.equals(endpoints.labels()) && annotations.equals(endpoints.annotations());
        if (same && SliceWrites.semanticEquals(subsets, endpoints.subsets())) return Optional.empty();
        var object = endpoints.toBuilder().subsets(subsets).metadata(metadata -> {
            metadata.labels(labels).clearAnnotations();
            annotations.forEach(metadata::putAnnotations);
        });
        return Optional.of(new Action.Update(Resources.ENDPOINTS, object.build(), ""));
    }

    /// What is left of a Service that is gone.
    static Optional<Action> delete(ServiceBackends backends) {
        return Optional.of(backends.endpoints())
                .filter(endpoints -> endpoints.labels().containsKey(SliceLabels.ENDPOINTS_MANAGED_BY))
                .map(endpoints -> new Action.Delete(Resources.ENDPOINTS, backends.key(), endpoints.uid()));
    }

    /// Of too many addresses those that are ready are kept as far as there is room, and each group has its share of it.
    private static List<Group> truncated(List<Group> groups) {
        int ready = groups.stream().mapToInt(group -> group.ready.size()).sum();
        int waiting = groups.stream().mapToInt(group -> group.waiting.size()).sum();
        if (ready + waiting <= MOST) return groups;
        boolean crowded = ready > MOST;
        int room = crowded ? MOST : MOST - ready;
        int left = room;
        var result = new ArrayList<Group>();
        for (var group : groups) {
            var all = crowded ? group.ready : group.waiting;
            double share = (double) all.size() / (crowded ? ready : waiting);
            var kept = all.subList(0, Math.min(left, (int) Math.ceil(share * room)));
            left -= kept.size();
            result.add(new Group(group.ports, crowded ? kept : group.ready, crowded ? List.of() : kept));
        }
        return result;
    }

    private static Group group(ServiceBackends backends, List<DiscoveryEndpointPort> ports, List<Pod> pods) {
        var ready = new ArrayList<EndpointAddress>();
        var waiting = new ArrayList<EndpointAddress>();
        for (var pod : pods) {
            if (pod.deleting() && !backends.publishesNotReady()) continue;
            (backends.serves(pod) ? ready : waiting).add(address(backends, pod));
        }
        return new Group(ports, ready, waiting);
    }

    private static Optional<EndpointSubset> subset(Group group) {
        if (group.ready.isEmpty() && group.waiting.isEmpty()) return Optional.empty();
        var subset = EndpointSubset.builder()
                .ports(group.ports.stream().map(ServiceEndpoints::port).toList());
        if (!group.ready.isEmpty()) subset.addresses(group.ready);
        if (!group.waiting.isEmpty()) subset.notReadyAddresses(group.waiting);
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
