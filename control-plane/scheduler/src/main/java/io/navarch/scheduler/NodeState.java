package io.navarch.scheduler;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A node and what its pods take of it. Amounts are in thousandths for `cpu`, else in units.
public final class NodeState {
    /// What a container without requests counts as when nodes are compared (not when they are filtered).
    private static final Map<String, Long> ASSUMED = Map.of("cpu", 100L, "memory", 200L << 20);

    private final View node;
    private final Map<String, Long> allocatable = new TreeMap<>();
    private final Map<String, Long> requested = new TreeMap<>();
    private final Map<String, Long> assumed = new TreeMap<>();
    private final Set<String> hostPorts = new HashSet<>();
    private final Map<ObjectKey, View> pods = new LinkedHashMap<>();

    public NodeState(View node) {
        this.node = node;
        node.status().get("allocatable").map().forEach((name, amount) -> allocatable.put(name, amount(name, amount)));
    }

    static long amount(String resource, Object quantity) {
        var parsed = Quantity.parseOr(quantity, Quantity.ZERO);
        return resource.equals("cpu") ? parsed.milli() : parsed.units();
    }

    /// Sum over containers, or the largest init container where that is more; sidecars count on top of what follows.
    public static Map<String, Long> requests(View pod, boolean withAssumed) {
        var total = new TreeMap<String, Long>();
        for (var container : pod.spec().get("containers").views()) add(total, container, withAssumed);
        var sidecars = new TreeMap<String, Long>();
        var peak = new TreeMap<String, Long>();
        for (var container : pod.spec().get("initContainers").views()) {
            var here = new TreeMap<>(sidecars);
            add(here, container, withAssumed);
            here.forEach((name, value) -> peak.merge(name, value, Math::max));
            if (container.get("restartPolicy").string().equals("Always")) add(sidecars, container, withAssumed);
        }
        sidecars.forEach((name, value) -> total.merge(name, value, Long::sum));
        peak.forEach((name, value) -> total.merge(name, value, Math::max));
        pod.spec().get("overhead").map().forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        return total;
    }

    private static void add(Map<String, Long> total, View container, boolean withAssumed) {
        var requests = container.get("resources", "requests").map();
        requests.forEach((name, value) -> total.merge(name, amount(name, value), Long::sum));
        if (withAssumed) {
            ASSUMED.forEach((name, value) -> {
                if (!requests.containsKey(name)) total.merge(name, value, Long::sum);
            });
        }
    }

    void add(View pod) {
        pods.put(pod.key(), pod);
        requests(pod, false).forEach((name, value) -> requested.merge(name, value, Long::sum));
        requests(pod, true).forEach((name, value) -> assumed.merge(name, value, Long::sum));
        hostPorts.addAll(hostPorts(pod));
    }

    void remove(View pod) {
        if (pods.remove(pod.key()) == null) return;
        requests(pod, false).forEach((name, value) -> requested.merge(name, -value, Long::sum));
        requests(pod, true).forEach((name, value) -> assumed.merge(name, -value, Long::sum));
        if (hostPorts(pod).isEmpty()) return;
        hostPorts.clear();
        for (var left : pods.values()) hostPorts.addAll(hostPorts(left));
    }

    /// The pod as it is now; it takes what it took.
    void refresh(View pod) {
        pods.put(pod.key(), pod);
    }

    Map<ObjectKey, View> byKey() {
        return pods;
    }

    static Set<String> hostPorts(View pod) {
        var result = new HashSet<String>();
        for (var container : pod.spec().get("containers").views()) {
            for (var port : container.get("ports").views()) {
                long number = port.get("hostPort").longOr(0);
                if (number > 0)
                    result.add(port.get("hostIP").stringOr("0.0.0.0") + "/"
                            + port.get("protocol").stringOr("TCP") + "/" + number);
            }
        }
        return result;
    }

    public View node() {
        return node;
    }

    public String name() {
        return node.name();
    }

    public Collection<View> pods() {
        return pods.values();
    }

    Set<String> hostPorts() {
        return hostPorts;
    }

    long allocatable(String resource) {
        return allocatable.getOrDefault(resource, 0L);
    }

    long requested(String resource) {
        return requested.getOrDefault(resource, 0L);
    }

    long assumed(String resource) {
        return assumed.getOrDefault(resource, 0L);
    }
}
