package io.navarch.agent.placement;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.act.Placement;
import io.navarch.agent.cpus.CpuPolicy;
import io.navarch.agent.cpus.ExclusiveCpus;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.agent.memory.PinnedMemory;
import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.HintMerger;
import io.navarch.agent.numa.HintProvider;
import io.navarch.agent.numa.TopologyOptions;
import io.navarch.agent.numa.TopologyOptions.Policy;
import io.navarch.agent.numa.TopologyOptions.Scope;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives containers devices, processors and memory, as close to each other as the node's policy wants it.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/topology-manager/
public final class NodePlacement implements Placement {
    private static final Logger LOG = LoggerFactory.getLogger(NodePlacement.class);

    private final TopologyOptions options;
    private final HintMerger merger;
    private final NodeDevices devices;
    private final Optional<ExclusiveCpus> cpus;
    private final Optional<PinnedMemory> memory;
    /// Devices first: who knows best where they are is asked first.
    private final List<HintProvider> providers;
    /// Held by who takes what all agree on, from being told of it until having it.
    private final ReentrantLock taking = new ReentrantLock();

    public NodePlacement(Shares shares, NodeDevices devices) {
        options = shares.options();
        merger = new HintMerger(options, shares.machine());
        cpus = shares.cpus();
        memory = shares.memory();
        this.devices = devices;
        var all = new ArrayList<HintProvider>(List.of(devices));
        cpus.ifPresent(all::add);
        memory.ifPresent(all::add);
        providers = List.copyOf(all);
    }

    /// A node on which only devices belong to containers.
    public static NodePlacement ofDevices(NodeDevices devices) {
        return new NodePlacement(Shares.NONE, devices);
    }

    @Override
    public Optional<Rejection> admit(Pod pod) {
        boolean together = options.policy() != Policy.NONE || CpuPolicy.pins(pod) && pins();
        if (together) taking.lock();
        try {
            var rejection = place(pod);
            if (rejection.isPresent()) release(pod.uid());
            return rejection;
        } finally {
            if (together) taking.unlock();
        }
    }

    private boolean pins() {
        return cpus.isPresent() || memory.isPresent();
    }

    private Optional<Rejection> place(Pod pod) {
        var whole = Optional.<Hint>empty();
        if (options.policy() != Policy.NONE && options.scope() == Scope.POD) {
            whole = merged(provider -> provider.hints(pod));
            if (whole.isEmpty()) return apart();
        }
        for (var spec : containers(pod)) {
            var hint = whole.or(() -> options.policy() == Policy.NONE
                    ? Optional.of(Hint.UNKNOWN)
                    : merged(provider -> provider.hints(pod, spec)));
            if (hint.isEmpty()) return apart();
            try {
                for (var provider : providers) provider.allocate(pod, spec, hint.get());
            } catch (AllocationException e) {
                return Optional.of(new Rejection(e.reason(), e.text()));
            }
        }
        return Optional.empty();
    }

    private static List<Container> containers(Pod pod) {
        return Stream.of(pod.spec().initContainers(), pod.spec().containers())
                .flatMap(Collection::stream)
                .toList();
    }

    private interface Asked {
        List<List<Hint>> hints(HintProvider provider);
    }

    private Optional<Hint> merged(Asked asked) {
        var all = new ArrayList<List<Hint>>();
        for (var provider : providers) {
            var hints = asked.hints(provider);
            if (hints.isEmpty()) all.add(Hint.ANYWHERE);
            else all.addAll(hints);
        }
        return merger.merge(all);
    }

    private static Optional<Rejection> apart() {
        return Optional.of(
                new Rejection("TopologyAffinityError", "Resources cannot be allocated with Topology locality"));
    }

    @Override
    public void resume(Pod pod) {
        if (!CpuPolicy.pins(pod) || !pins()) return;
        taking.lock();
        try {
            for (var spec : containers(pod)) {
                for (var provider : providers)
                    // Devices stay as they are: their plugins may not have come yet.
                    if (provider != devices) provider.allocate(pod, spec, Hint.UNKNOWN);
            }
        } catch (AllocationException e) {
            LOG.warn("pod {} runs on without what it would have for itself: {}", pod.key(), e.text());
        } finally {
            taking.unlock();
        }
    }

    @Override
    public Place of(String uid, String container) {
        return new Place(
                cpus.map(each -> each.of(uid, container).toString()).orElse(""),
                memory.map(each -> each.nodes(uid, container).stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")))
                        .orElse(""),
                !cpus.map(each -> each.exclusive(uid, container))
                        .orElse(CpuSet.EMPTY)
                        .isEmpty());
    }

    @Override
    public boolean hasOwnCpus(String uid) {
        return cpus.filter(each -> !each.exclusive(uid).isEmpty()).isPresent();
    }

    @Override
    public boolean moves() {
        return cpus.isPresent();
    }

    @Override
    public String fixed(Pod pod, String resource) {
        if (pod.status().qosClass() != PodQosClass.GUARANTEED) return "";
        if (resource.equals(ResourceNames.CPU) && cpus.isPresent())
            return "Resize is infeasible for Guaranteed Pods alongside CPU Manager policy \"static\"";
        if (resource.equals(ResourceNames.MEMORY) && memory.isPresent())
            return "Resize is infeasible for Guaranteed Pods alongside Memory Manager policy \"Static\"";
        return "";
    }

    @Override
    public void release(String uid) {
        providers.forEach(provider -> provider.release(uid));
    }

    @Override
    public void keep(Set<String> uids) {
        devices.keep(uids);
        cpus.ifPresent(each -> each.keep(uids));
        memory.ifPresent(each -> each.keep(uids));
    }
}
