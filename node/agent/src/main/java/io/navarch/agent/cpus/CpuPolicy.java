package io.navarch.agent.cpus;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Cpu;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.MachineTopology;
import io.navarch.agent.numa.NodeMask;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who has processors for itself, and which: containers of guaranteed pods that ask for whole ones. All others share
/// what is left.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/
public final class CpuPolicy {
    private final MachineTopology machine;
    private final CpuOptions options;
    private final CpuSet reserved;
    private final CpuSet reservedCores;

    private CpuPolicy(MachineTopology machine, CpuOptions options, CpuSet reserved) {
        this.machine = machine;
        this.options = options;
        this.reserved = reserved;
        var cores = new ArrayList<Integer>();
        for (var cpu : machine.cpus().only(reserved).all()) cores.add(cpu.core());
        reservedCores = machine.cpus().in(Cpu::core, cores);
    }

    /// @param amount of processors that are not for pods
    /// @param chosen those that are meant, empty for any
    /// @throws IllegalArgumentException in the kubelet's words, when it cannot be
    public static CpuPolicy of(MachineTopology machine, CpuOptions options, Quantity amount, CpuSet chosen) {
        if (amount.compareTo(Quantity.ZERO) <= 0)
            throw new IllegalArgumentException(
                    "[cpumanager] the static policy requires systemreserved.cpu + kubereserved.cpu to be greater than zero");
        var all = machine.cpus().ids();
        if (!all.containsAll(chosen))
            throw new IllegalArgumentException("reserved-cpus: " + chosen + " is not a subset of online-cpus: " + all);
        // Parts of one cannot be given to anybody.
        int number = Math.toIntExact(Math.min(Integer.MAX_VALUE, (amount.milli() + 999) / 1000));
        var reserved = chosen;
        if (chosen.isEmpty()) {
            try {
                reserved = new CpuPolicy(machine, options, CpuSet.EMPTY).take(all, number);
            } catch (AllocationException e) {
                reserved = CpuSet.EMPTY;
            }
        }
        if (reserved.size() != number)
            throw new IllegalArgumentException(
                    "new static policy error: [cpumanager] unable to reserve the required amount of CPUs (size of "
                            + reserved + " did not equal " + number + ")");
        return new CpuPolicy(machine, options, reserved);
    }

    /// All that containers can have for themselves.
    CpuSet allocatable() {
        return machine.cpus().ids().minus(reserved);
    }

    /// What an earlier agent has given, if it goes with this machine.
    ///
    /// @throws IllegalArgumentException in the kubelet's words, when it does not
    CpuAssignments begin(CpuAssignments before) {
        var all = machine.cpus().ids();
        if (options.strict()) all = all.minus(reserved);
        if (before.shared().isEmpty()) {
            if (!before.exclusive().isEmpty()) throw new IllegalArgumentException("default cpuset cannot be empty");
            return new CpuAssignments(all, before.exclusive());
        }
        var shared = before.shared();
        var both = reserved.both(shared);
        if (options.strict() && !both.isEmpty())
            throw new IllegalArgumentException("some of strictly reserved cpus: \"" + both
                    + "\" are present in defaultCpuSet: \"" + shared + "\"");
        if (!options.strict() && !both.equals(reserved))
            throw new IllegalArgumentException(
                    "not all reserved cpus: \"" + reserved + "\" are present in defaultCpuSet: \"" + shared + "\"");
        var known = shared;
        for (var pod : before.exclusive().entrySet()) {
            for (var container : pod.getValue().entrySet()) {
                if (!shared.both(container.getValue()).isEmpty())
                    throw new IllegalArgumentException("pod: " + pod.getKey() + ", container: " + container.getKey()
                            + " cpuset: \"" + container.getValue() + "\" overlaps with default cpuset \"" + shared
                            + "\"");
                known = known.plus(container.getValue());
            }
        }
        if (!known.equals(all))
            throw new IllegalArgumentException(
                    "current set of available CPUs \"" + all + "\" doesn't match with CPUs in state \"" + known + "\"");
        return before;
    }

    /// How many processors a container has for itself, 0 for none.
    static int wanted(Pod pod, Container spec) {
        if (!pins(pod)) return 0;
        var amount = spec.resources().requests().getOrDefault(ResourceNames.CPU, Quantity.ZERO);
        return amount.units() * 1000 == amount.milli() ? (int) Math.min(Integer.MAX_VALUE, amount.units()) : 0;
    }

    /// Whether any of its containers can have some. What a pod asks for as a whole, nobody has for itself.
    public static boolean pins(Pod pod) {
        var whole = pod.spec().resources();
        return pod.status().qosClass() == PodQosClass.GUARANTEED
                && Stream.of(whole.requests(), whole.limits())
                        .flatMap(amounts -> amounts.keySet().stream())
                        .noneMatch(PodResources::ofWholePods);
    }

    /// How many all of them have at the same time at most.
    static int wanted(Pod pod) {
        int beside = 0;
        int most = 0;
        for (var spec : pod.spec().initContainers()) {
            int wanted = wanted(pod, spec);
            if (Pods.sidecar(spec)) beside += wanted;
            else most = Math.max(most, beside + wanted);
        }
        int last = beside
                + pod.spec().containers().stream()
                        .mapToInt(spec -> wanted(pod, spec))
                        .sum();
        return Math.max(most, last);
    }

    /// From where a container could get what it wants.
    ///
    /// @param reusable what it may have besides, and has to be among it as far as possible
    List<List<Hint>> hints(CpuAssignments now, Pod pod, Container spec, CpuSet reusable) {
        int wanted = wanted(pod, spec);
        if (wanted == 0) return List.of();
        var has = now.of(pod.uid(), spec.name());
        if (has.isPresent())
            return List.of(has.get().size() == wanted ? hints(has.get(), CpuSet.EMPTY, wanted) : Hint.NOWHERE);
        return List.of(hints(available(now), reusable, wanted));
    }

    /// From where all of a pod's containers could.
    List<List<Hint>> hints(CpuAssignments now, Pod pod, CpuSet reusable) {
        int wanted = wanted(pod);
        if (wanted == 0) return List.of();
        var has = now.of(pod.uid());
        boolean changed = containers(pod).stream()
                .anyMatch(spec -> has.containsKey(spec.name())
                        && now.of(pod.uid(), spec.name()).orElse(CpuSet.EMPTY).size() != wanted(pod, spec));
        if (changed) return List.of(Hint.NOWHERE);
        var all = now.ofPod(pod.uid());
        if (all.size() == wanted) return List.of(hints(all, CpuSet.EMPTY, wanted));
        return List.of(hints(available(now), reusable.plus(all), wanted));
    }

    static List<Container> containers(Pod pod) {
        return Stream.of(pod.spec().initContainers(), pod.spec().containers())
                .flatMap(Collection::stream)
                .toList();
    }

    private List<Hint> hints(CpuSet available, CpuSet reusable, int wanted) {
        var nodes = List.copyOf(machine.cpus().parts(Cpu::node));
        int fewest = nodes.size();
        var possible = new ArrayList<NodeMask>();
        var reused = machine.cpus().only(reusable).all();
        for (var mask : NodeMask.combinations(nodes)) {
            if (machine.cpus().in(Cpu::node, mask.nodes()).size() >= wanted) fewest = Math.min(fewest, mask.count());
            if (!reused.stream().allMatch(cpu -> mask.has(cpu.node()))) continue;
            int matching = reused.size();
            for (var cpu : machine.cpus().only(available).all()) if (mask.has(cpu.node())) matching++;
            if (matching >= wanted) possible.add(mask);
        }
        return Hint.preferringFewest(possible, fewest);
    }

    private CpuSet available(CpuAssignments now) {
        return now.shared().minus(reserved);
    }

    /// What a container gets for itself; empty when it has none.
    ///
    /// @param hint from where
    Optional<CpuSet> choose(CpuAssignments now, Pod pod, Container spec, Hint hint, CpuSet reusable)
            throws AllocationException {
        int wanted = wanted(pod, spec);
        if (wanted == 0) return Optional.empty();
        if (options.wholeCores()) wholeCores(now, wanted);
        var has = now.of(pod.uid(), spec.name());
        if (has.isPresent()) return has;
        var available = available(now).plus(reusable);
        var close = CpuSet.EMPTY;
        if (hint.nodes().isPresent()) {
            var there = available.both(
                    machine.cpus().in(Cpu::node, hint.nodes().get().nodes()));
            close = take(there, Math.min(wanted, there.size()));
        }
        return Optional.of(close.plus(take(available.minus(close), wanted - close.size())));
    }

    private void wholeCores(CpuAssignments now, int wanted) throws AllocationException {
        int perCore = machine.cpusPerCore();
        if (wanted % perCore != 0)
            throw AllocationException.ofCores("requested " + wanted + " cpus not multiple cpus per core = " + perCore);
        int free = now.shared().minus(reservedCores).size();
        if (wanted > free)
            throw AllocationException.ofCores("not enough free physical CPUs: available physical CPUs = " + free
                    + ", requested CPUs = " + wanted + ", CPUs per core = " + perCore);
    }

    private CpuSet take(CpuSet available, int count) throws AllocationException {
        if (options.acrossNodes())
            return new CpuSpread(machine, available, count, options.wholeCores() ? machine.cpusPerCore() : 1).cpus();
        return CpuChoice.packed(machine, available, count, options.byCache());
    }
}
