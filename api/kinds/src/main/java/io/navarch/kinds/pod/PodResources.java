package io.navarch.kinds.pod;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PodSpec;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What a pod asks for in all: its containers together, or its largest step of initialisation if that is more, and
/// its overhead.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
public final class PodResources {
    private PodResources() {}

    public static Map<String, Quantity> requests(PodSpec spec) {
        var total = containers(spec, ResourceRequirements::requests);
        add(total, spec.overhead());
        return total;
    }

    /// Only what some container limits has a limit, also of the overhead.
    public static Map<String, Quantity> limits(PodSpec spec) {
        var total = containers(spec, ResourceRequirements::limits);
        spec.overhead().forEach((name, amount) -> total.computeIfPresent(name, (key, sum) -> sum.plus(amount)));
        return total;
    }

    /// Whether a pod as a whole can ask for it, so that its containers need not.
    public static boolean ofWholePods(String resource) {
        return resource.equals(ResourceNames.CPU)
                || resource.equals(ResourceNames.MEMORY)
                || resource.startsWith(ResourceNames.HUGE_PAGES);
    }

    private static Map<String, Quantity> containers(
            PodSpec spec, Function<ResourceRequirements, Map<String, Quantity>> part) {
        var total = ofContainers(spec, part);
        // What the pod as a whole asks for stands instead of the sum of its containers.
        total.putAll(part.apply(spec.resources()));
        return total;
    }

    /// What the containers ask for together, whatever the pod as a whole asks for.
    static Map<String, Quantity> ofContainers(
            PodSpec spec, Function<ResourceRequirements, Map<String, Quantity>> part) {
        var total = new TreeMap<String, Quantity>();
        for (var container : spec.containers()) add(total, part.apply(container.resources()));
        // Init containers that keep running stay beside everything that comes after them.
        var sidecars = new TreeMap<String, Quantity>();
        var largest = new TreeMap<String, Quantity>();
        for (var container : spec.initContainers()) {
            var step = new TreeMap<>(sidecars);
            add(step, part.apply(container.resources()));
            if (Pods.sidecar(container)) sidecars = step;
            step.forEach((name, amount) -> largest.merge(name, amount, PodResources::more));
        }
        add(total, sidecars);
        largest.forEach((name, amount) -> total.merge(name, amount, PodResources::more));
        return total;
    }

    private static Quantity more(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static void add(Map<String, Quantity> total, Map<String, Quantity> amounts) {
        amounts.forEach((name, amount) -> total.merge(name, amount, Quantity::plus));
    }
}
