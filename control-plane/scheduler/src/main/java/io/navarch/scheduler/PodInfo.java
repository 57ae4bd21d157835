package io.navarch.scheduler;

import io.navarch.kinds.pod.HostPort;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.scheduler.volumes.PodClaims;
import io.navarch.scheduler.volumes.VolumeView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// A pod and what it takes of a node, computed once.
///
/// @param claims empty when it uses none
/// @param claimsTaken whether another pod has what only one may have
record PodInfo(Pod pod, Taken taken, Optional<PodClaims> claims, boolean claimsTaken) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";

    /// What a container without requests is assumed to use.
    private static final Map<String, Long> DEFAULTS = Map.of(CPU, 100L, MEMORY, 200L << 20);

    static PodInfo of(Pod pod) {
        var ports = pod.spec().containers().stream()
                .flatMap(container -> container.ports().stream())
                .filter(port -> port.hostPort() > 0)
                .map(HostPort::of)
                .toList();
        var requests = requests(pod, Map.of());
        var taken = new Taken(
                requests,
                requests(pod, defaults(pod, requests)),
                ports,
                PodVolumes.claims(pod),
                pod.spec().priority());
        return new PodInfo(pod, taken, Optional.empty(), false);
    }

    /// Of a pod that asks for something as a whole nothing is assumed that it, or one of its containers, asks for.
    private static Map<String, Long> defaults(Pod pod, Map<String, Long> requests) {
        if (pod.spec().resources().requests().isEmpty()) return DEFAULTS;
        var defaults = new TreeMap<>(DEFAULTS);
        defaults.keySet().removeAll(requests.keySet());
        return defaults;
    }

    /// The same with what is known of its claims.
    ///
    /// @param users how many pods have a claim
    static PodInfo of(Pod pod, VolumeView view, ToIntFunction<ObjectKey> users) {
        var info = of(pod);
        if (info.taken.claims().isEmpty()) return info;
        var claims = PodClaims.of(pod, view);
        boolean claimsTaken = claims.exclusive().stream().anyMatch(key -> users.applyAsInt(key) > 0);
        return new PodInfo(pod, info.taken, Optional.of(claims), claimsTaken);
    }

    int priority() {
        return taken.priority();
    }

    Map<String, Long> requests() {
        return taken.requests();
    }

    Map<String, Long> assumed() {
        return taken.assumed();
    }

    List<HostPort> hostPorts() {
        return taken.hostPorts();
    }

    static long amount(String resource, Quantity quantity) {
        return resource.equals(CPU) ? quantity.milli() : quantity.units();
    }

    /// What a pod as a whole asks for, or the sum over its containers, or the largest init container where that is
    /// more;
    /// sidecars count on top of what follows.
    ///
    /// @param defaults what counts of containers that do not say
    private static Map<String, Long> requests(Pod pod, Map<String, Long> defaults) {
        var total = new TreeMap<String, Long>();
        for (var container : pod.spec().containers()) add(total, asked(pod, container, true), defaults);
        var sidecars = new TreeMap<String, Long>();
        var peak = new TreeMap<String, Long>();
        for (var container : pod.spec().initContainers()) {
            var here = new TreeMap<>(sidecars);
            boolean sidecar = Pods.sidecar(container);
            var asked = asked(pod, container, sidecar);
            add(here, asked, defaults);
            here.forEach((name, value) -> peak.merge(name, value, Math::max));
            if (sidecar) add(sidecars, asked, defaults);
        }
        sidecars.forEach((name, value) -> total.merge(name, value, Long::sum));
        peak.forEach((name, value) -> total.merge(name, value, Math::max));
        pod.spec().resources().requests().forEach((name, value) -> {
            if (PodResources.ofWholePods(name)) total.put(name, amount(name, value));
        });
        pod.spec().overhead().forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        return total;
    }

    /// What a container asks for, or still has while it is to be given less: what its node has not taken back yet is
    /// nobody else's. What can never be given is not counted.
    private static Map<String, Quantity> asked(Pod pod, Container container, boolean lasting) {
        var spec = container.resources().requests();
        var status = lasting ? status(pod, container.name()) : ContainerStatus.ABSENT;
        if (!status.hasResources()) return spec;
        var most = new TreeMap<String, Quantity>();
        if (!infeasible(pod)) most.putAll(spec);
        status.allocatedResources().forEach((name, value) -> most.merge(name, value, PodInfo::more));
        status.resources().requests().forEach((name, value) -> most.merge(name, value, PodInfo::more));
        return most;
    }

    /// Whether it takes what its spec says, and no more because its node has not taken something back yet.
    static boolean settled(Pod pod) {
        var spec = pod.spec();
        return !infeasible(pod)
                && Stream.concat(
                                spec.containers().stream(),
                                spec.initContainers().stream().filter(Pods::sidecar))
                        .allMatch(container -> settled(pod, container));
    }

    private static boolean settled(Pod pod, Container container) {
        var spec = container.resources().requests();
        var status = status(pod, container.name());
        return !status.hasResources()
                || within(status.allocatedResources(), spec)
                        && within(status.resources().requests(), spec);
    }

    private static boolean within(Map<String, Quantity> amounts, Map<String, Quantity> most) {
        return amounts.entrySet().stream().allMatch(entry -> {
            var limit = most.get(entry.getKey());
            return limit != null && entry.getValue().compareTo(limit) <= 0;
        });
    }

    private static boolean infeasible(Pod pod) {
        return Pods.condition(pod, PodConditionType.POD_RESIZE_PENDING).reason().equals("Infeasible");
    }

    private static ContainerStatus status(Pod pod, String name) {
        var status = pod.status();
        return Stream.concat(status.containerStatuses().stream(), status.initContainerStatuses().stream())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(ContainerStatus.ABSENT);
    }

    private static Quantity more(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static void add(Map<String, Long> total, Map<String, Quantity> requests, Map<String, Long> defaults) {
        requests.forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        defaults.forEach((name, value) -> {
            if (!requests.containsKey(name)) total.merge(name, value, Long::sum);
        });
    }
}
