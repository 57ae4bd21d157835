package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.ResizeRestartPolicy;
import io.navarch.model.ResourceRequirements;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How running containers come to have what the node has agreed to.
///
/// @param actual what each running container has, by its id; limits too that it has of the whole pod's
/// @param whole what the pod as a whole has, absent when that is not known or it has nothing
/// @param pending why the node has not agreed to what the pod asks for
/// @param ongoing what the node has agreed to and not all containers have yet
public record Resizing(
        Map<String, ResourceRequirements> actual,
        ResourceRequirements whole,
        Optional<Condition> pending,
        Optional<Condition> ongoing) {
    public static final Resizing NONE =
            new Resizing(Map.of(), ResourceRequirements.ABSENT, Optional.empty(), Optional.empty());

    /// The reason of what the node may agree to later.
    public static final String DEFERRED = "Deferred";

    /// The reason of what the node can never agree to.
    public static final String INFEASIBLE = "Infeasible";

    /// The reason of a change that failed and is tried again.
    public static final String ERROR = "Error";

    /// @param generation of the pod that asked for it
    public record Condition(String reason, String message, long generation) {}

    /// A step: the container is given these amounts.
    public record Update(RuntimeState.Container container, Container spec, ResourceRequirements to) {
        /// The limit of memory that it sets where there was none or a larger one.
        public Optional<Quantity> lowerMemory(ResourceRequirements from) {
            return lower(from, to);
        }
    }

    /// The limit of memory that is set where there was none or a larger one.
    public static Optional<Quantity> lower(ResourceRequirements from, ResourceRequirements to) {
        var now = Allocation.amount(to.limits(), Allocation.MEMORY);
        var before = Allocation.amount(from.limits(), Allocation.MEMORY);
        boolean lower =
                now.compareTo(Quantity.ZERO) > 0 && (before.compareTo(Quantity.ZERO) == 0 || now.compareTo(before) < 0);
        return lower ? Optional.of(now) : Optional.empty();
    }

    public Resizing withActual(Map<String, ResourceRequirements> containers, ResourceRequirements ofPod) {
        return new Resizing(Map.copyOf(containers), ofPod, pending, ongoing);
    }

    public Resizing withPending(Optional<Condition> why) {
        return new Resizing(actual, whole, why, ongoing);
    }

    public Resizing withOngoing(Optional<Condition> why) {
        return new Resizing(actual, whole, pending, why);
    }

    /// What a container may have where its pod has limits as a whole: these are its own where it has none.
    public static ResourceRequirements effective(ResourceRequirements ofPod, ResourceRequirements own) {
        var limits = new HashMap<>(own.limits());
        for (var resource : Allocation.RESIZABLE) {
            var limit = Allocation.amount(ofPod.limits(), resource);
            if (Allocation.amount(limits, resource).compareTo(Quantity.ZERO) == 0 && limit.compareTo(Quantity.ZERO) > 0)
                limits.put(resource, limit);
        }
        return limits.equals(own.limits()) ? own : Allocation.with(own, own.requests(), limits);
    }

    /// Whether the pod as a whole, or a running container, has other amounts than the pod says, as the node has agreed
    /// to it.
    public boolean differs(Pod pod, RuntimeState runtime) {
        return wholeDiffers(pod, runtime) || !different(pod, runtime).isEmpty();
    }

    /// What does not run gets its amounts with its start.
    boolean wholeDiffers(Pod pod, RuntimeState runtime) {
        return !runtime.running().isEmpty() && !Allocation.same(pod.spec().resources(), whole);
    }

    /// The pod as it is: with what it and its running containers have.
    public Pod actual(Pod pod, RuntimeState runtime) {
        if (!differs(pod, runtime)) return pod;
        return pod.toBuilder()
                .spec(spec -> {
                    spec.editContainers(each -> has(each, runtime)).editInitContainers(each -> has(each, runtime));
                    var wanted = pod.spec().resources();
                    if (wholeDiffers(pod, runtime) && whole.exists())
                        spec.resources(Allocation.with(wanted, whole.requests(), whole.limits()));
                })
                .build();
    }

    private void has(Container.Builder container, RuntimeState runtime) {
        var spec = container.build();
        var has = runtime.latest(spec.name())
                .filter(RuntimeState.Container::running)
                .map(latest -> actual.get(latest.id()));
        if (has.isPresent() && !Allocation.same(spec.resources(), has.get()))
            container.resources(Allocation.with(spec.resources(), has.get().requests(), own(spec, has.get())));
    }

    /// Its limits without those that it has of the whole pod's.
    private static Map<String, Quantity> own(Container spec, ResourceRequirements has) {
        var limits = new HashMap<>(has.limits());
        limits.keySet().retainAll(spec.resources().limits().keySet());
        return limits;
    }

    private List<Update> different(Pod pod, RuntimeState runtime) {
        var result = new ArrayList<Update>();
        for (var spec : Pods.containers(pod.spec())) {
            var latest = runtime.latest(spec.name()).filter(RuntimeState.Container::running);
            var has = latest.map(container -> actual.get(container.id()));
            var wanted = effective(pod.spec().resources(), spec.resources());
            if (has.isPresent() && !Allocation.same(wanted, has.get()))
                result.add(new Update(latest.get(), spec, has.get()));
        }
        return result;
    }

    /// Whether a container gets its amounts only by another start.
    boolean restarts(Pod pod, Container spec, RuntimeState.Container container) {
        var has = actual.get(container.id());
        if (has == null) return false;
        var wanted = effective(pod.spec().resources(), spec.resources());
        return spec.resizePolicy().stream()
                .filter(policy -> policy.restartPolicy() == ResizeRestartPolicy.RESTART_CONTAINER)
                .anyMatch(policy ->
                        !Allocation.same(wanted, has, policy.resourceName().text()));
    }

    /// The steps, one resource after the other, what shrinks first: at no time have all together more than before or
    /// after.
    List<Update> updates(Pod pod, RuntimeState runtime) {
        var steps = new ArrayList<Update>();
        var has = new HashMap<String, ResourceRequirements>(actual);
        for (var resource : List.of(Allocation.MEMORY, Allocation.CPU)) {
            var shrinking = new ArrayList<Update>();
            var growing = new ArrayList<Update>();
            for (var each : different(pod, runtime)) {
                var spec = each.spec();
                var now = has.getOrDefault(each.container().id(), each.to());
                var wanted = effective(pod.spec().resources(), spec.resources());
                if (Allocation.same(wanted, now, resource) || restarts(pod, spec, each.container())) continue;
                var to = changed(now, wanted, resource);
                has.put(each.container().id(), to);
                var step = new Update(each.container(), spec, to);
                if (grows(now, to, resource)) growing.add(step);
                else shrinking.add(step);
            }
            steps.addAll(shrinking);
            steps.addAll(growing);
        }
        return steps;
    }

    /// The pod with the most that each of its containers has or is to have: so much room they need meanwhile.
    public Pod largest(Pod pod, RuntimeState runtime) {
        return pod.toBuilder()
                .spec(spec -> {
                    spec.editContainers(each -> larger(each, runtime))
                            .editInitContainers(each -> larger(each, runtime));
                    var wanted = pod.spec().resources();
                    if (wholeDiffers(pod, runtime) && whole.exists()) spec.resources(larger(wanted, whole));
                })
                .build();
    }

    private void larger(Container.Builder container, RuntimeState runtime) {
        var spec = container.build();
        var has = runtime.latest(spec.name()).map(latest -> actual.get(latest.id()));
        if (has.isEmpty() || Allocation.same(spec.resources(), has.get())) return;
        container.resources(larger(spec.resources(), has.get()));
    }

    private static ResourceRequirements larger(ResourceRequirements wanted, ResourceRequirements has) {
        var requests = new HashMap<>(wanted.requests());
        has.requests().forEach((name, amount) -> requests.merge(name, amount, Resizing::more));
        var limits = new HashMap<>(wanted.limits());
        // Who has no limit now, or will have none, is not limited meanwhile.
        limits.keySet().retainAll(has.limits().keySet());
        limits.replaceAll((name, amount) -> more(amount, Allocation.amount(has.limits(), name)));
        return Allocation.with(wanted, requests, limits);
    }

    private static Quantity more(Quantity left, Quantity right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static boolean grows(ResourceRequirements from, ResourceRequirements to, String resource) {
        int limits = Allocation.amount(to.limits(), resource).compareTo(Allocation.amount(from.limits(), resource));
        if (limits != 0) return limits > 0;
        return Allocation.amount(to.requests(), resource).compareTo(Allocation.amount(from.requests(), resource)) > 0;
    }

    private static ResourceRequirements changed(ResourceRequirements from, ResourceRequirements to, String resource) {
        var requests = new HashMap<>(from.requests());
        var limits = new HashMap<>(from.limits());
        change(requests, to.requests(), resource);
        change(limits, to.limits(), resource);
        return Allocation.with(from, requests, limits);
    }

    private static void change(Map<String, Quantity> amounts, Map<String, Quantity> to, String resource) {
        var amount = to.get(resource);
        if (amount == null) amounts.remove(resource);
        else amounts.put(resource, amount);
    }
}
