package io.navarch.agent.decide;

import io.navarch.model.Container;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What of the node a pod and its containers may have: what they asked for when the node last agreed.
///
/// Source: https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
///
/// @param containers by name
/// @param whole of the pod, absent where only its containers ask for something
public record Allocation(Map<String, ResourceRequirements> containers, ResourceRequirements whole) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    /// What can change while a container runs.
    public static final List<String> RESIZABLE = List.of(CPU, MEMORY);

    /// What the pod asks for now.
    public static Allocation wanted(Pod pod) {
        return of(pod, Container::resources, pod.spec().resources());
    }

    /// What an earlier agent has agreed to, as the pod's status tells it.
    public static Allocation reported(Pod pod) {
        return of(pod, spec -> reported(spec, PodLifecycle.reported(pod, spec.name())), reportedWhole(pod));
    }

    private interface Amounts {
        ResourceRequirements of(Container spec);
    }

    /// The status tells of the pod's overhead, too.
    private static ResourceRequirements reportedWhole(Pod pod) {
        var wanted = pod.spec().resources();
        var status = pod.status();
        if (!wanted.exists() || !status.hasResources()) return wanted;
        var overhead = pod.spec().overhead();
        return with(
                wanted,
                known(wanted.requests(), status.allocatedResources(), overhead),
                known(wanted.limits(), status.resources().limits(), overhead));
    }

    private static Map<String, Quantity> known(
            Map<String, Quantity> wanted, Map<String, Quantity> told, Map<String, Quantity> overhead) {
        var known = new HashMap<>(wanted);
        known.keySet().retainAll(told.keySet());
        known.replaceAll((name, amount) -> amount(told, name).minus(amount(overhead, name)));
        return known;
    }

    private static Allocation of(Pod pod, Amounts amounts, ResourceRequirements whole) {
        var all = new HashMap<String, ResourceRequirements>();
        all(pod).forEach(spec -> all.put(spec.name(), amounts.of(spec)));
        return new Allocation(Map.copyOf(all), whole);
    }

    private static Stream<Container> all(Pod pod) {
        return Stream.concat(pod.spec().initContainers().stream(), pod.spec().containers().stream());
    }

    private static ResourceRequirements reported(Container spec, ContainerStatus status) {
        if (!status.hasResources()) return spec.resources();
        return with(
                spec.resources(),
                status.allocatedResources(),
                status.resources().limits());
    }

    /// These amounts, with what can change taken from others.
    static ResourceRequirements with(
            ResourceRequirements amounts, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        var result = amounts.toBuilder();
        for (var resource : RESIZABLE) {
            var request = requests.get(resource);
            var limit = limits.get(resource);
            if (request != null) result.putRequests(resource, request);
            else if (amounts.requests().containsKey(resource)) result.removeRequests(resource);
            if (limit != null) result.putLimits(resource, limit);
            else if (amounts.limits().containsKey(resource)) result.removeLimits(resource);
        }
        return result.build();
    }

    /// Whether two ask for the same of what can change.
    static boolean same(ResourceRequirements left, ResourceRequirements right) {
        return RESIZABLE.stream().allMatch(resource -> same(left, right, resource));
    }

    static boolean same(ResourceRequirements left, ResourceRequirements right, String resource) {
        return amount(left.requests(), resource).compareTo(amount(right.requests(), resource)) == 0
                && amount(left.limits(), resource).compareTo(amount(right.limits(), resource)) == 0;
    }

    static Quantity amount(Map<String, Quantity> amounts, String resource) {
        return amounts.getOrDefault(resource, Quantity.ZERO);
    }

    public boolean covers(Pod pod) {
        return RESIZABLE.stream().allMatch(resource -> covers(pod, resource));
    }

    /// Whether it is what the pod asks for of a resource.
    public boolean covers(Pod pod, String resource) {
        return same(pod.spec().resources(), whole, resource)
                && all(pod).allMatch(spec -> same(spec.resources(), allocated(spec), resource));
    }

    private ResourceRequirements allocated(Container spec) {
        return containers.getOrDefault(spec.name(), spec.resources());
    }

    /// The pod as the node has agreed to it.
    public Pod applied(Pod pod) {
        if (covers(pod)) return pod;
        return pod.toBuilder()
                .spec(spec -> {
                    spec.editContainers(this::apply).editInitContainers(this::apply);
                    var wanted = pod.spec().resources();
                    if (wanted.exists() && !same(wanted, whole))
                        spec.resources(with(wanted, whole.requests(), whole.limits()));
                })
                .build();
    }

    private void apply(Container.Builder container) {
        var spec = container.build();
        var allocated = allocated(spec);
        if (same(spec.resources(), allocated)) return;
        container.resources(with(spec.resources(), allocated.requests(), allocated.limits()));
    }
}
