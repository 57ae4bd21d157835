package io.navarch.kinds.resourcequota;

import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.Map;
import java.util.TreeMap;

/// What a pod asks for in all: its containers together, or its largest step of initialisation if that is more, and
/// its overhead.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
public final class PodResources {
    private PodResources() {}

    /// @param part `requests` or `limits`
    public static Map<String, Quantity> of(View spec, String part) {
        var total = new TreeMap<String, Quantity>();
        for (var container : spec.get("containers").views()) add(total, container.get("resources", part));
        // Init containers that keep running stay beside everything that comes after them.
        var sidecars = new TreeMap<String, Quantity>();
        var largest = new TreeMap<String, Quantity>();
        for (var container : spec.get("initContainers").views()) {
            var step = new TreeMap<>(sidecars);
            add(step, container.get("resources", part));
            if (container.get("restartPolicy").string().equals("Always")) sidecars = step;
            step.forEach((name, amount) -> largest.merge(name, amount, PodResources::more));
        }
        sidecars.forEach((name, amount) -> total.merge(name, amount, Quantity::plus));
        largest.forEach((name, amount) -> total.merge(name, amount, PodResources::more));
        var whole = spec.get("resources", part);
        whole.map().forEach((name, value) -> total.put(name, Quantity.parseOr(value, Quantity.ZERO)));
        var overhead = spec.get("overhead");
        overhead.map().forEach((name, value) -> {
            if (part.equals("requests") || total.containsKey(name))
                total.merge(name, Quantity.parseOr(value, Quantity.ZERO), Quantity::plus);
        });
        return total;
    }

    private static Quantity more(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static void add(Map<String, Quantity> total, View amounts) {
        amounts.map()
                .forEach((name, value) -> total.merge(name, Quantity.parseOr(value, Quantity.ZERO), Quantity::plus));
    }
}
