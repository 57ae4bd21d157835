package io.navarch.scheduler;

import io.navarch.kinds.pod.HostPort;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.scheduler.volumes.PodClaims;
import io.navarch.scheduler.volumes.VolumeView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

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
        var taken = new Taken(
                requests(pod, Map.of()),
                requests(pod, DEFAULTS),
                ports,
                PodVolumes.claims(pod),
                pod.spec().priority());
        return new PodInfo(pod, taken, Optional.empty(), false);
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

    /// Sum over containers, or the largest init container where that is more; sidecars count on top of what follows.
    private static Map<String, Long> requests(Pod pod, Map<String, Long> defaults) {
        var total = new TreeMap<String, Long>();
        for (var container : pod.spec().containers()) add(total, container, defaults);
        var sidecars = new TreeMap<String, Long>();
        var peak = new TreeMap<String, Long>();
        for (var container : pod.spec().initContainers()) {
            var here = new TreeMap<>(sidecars);
            add(here, container, defaults);
            here.forEach((name, value) -> peak.merge(name, value, Math::max));
            if (Pods.sidecar(container)) add(sidecars, container, defaults);
        }
        sidecars.forEach((name, value) -> total.merge(name, value, Long::sum));
        peak.forEach((name, value) -> total.merge(name, value, Math::max));
        pod.spec().overhead().forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        return total;
    }

    private static void add(Map<String, Long> total, Container container, Map<String, Long> defaults) {
        var requests = container.resources().requests();
        requests.forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        defaults.forEach((name, value) -> {
            if (!requests.containsKey(name)) total.merge(name, value, Long::sum);
        });
    }
}
