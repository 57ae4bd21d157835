package io.navarch.agent.memory;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.MachineTopology;
import io.navarch.agent.numa.NodeMask;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// From which NUMA nodes containers of guaranteed pods have their memory.
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/memory-manager/
public final class MemoryPolicy {
    private static final Comparator<Hint> BEST = Comparator.comparing((Hint hint) -> !hint.preferred())
            .thenComparing(hint -> hint.nodes().orElseThrow(), NodeMask.NARROWEST);

    private final MemoryAssignments empty;

    private MemoryPolicy(MemoryAssignments empty) {
        this.empty = empty;
    }

    /// @param kept what the node keeps from pods, by resource
    /// @throws IllegalArgumentException in the kubelet's words, when what is reserved is not that
    public static MemoryPolicy of(MachineTopology machine, List<ReservedMemory> reserved, Map<String, Quantity> kept) {
        ReservedMemory.check(reserved, machine, kept);
        var nodes = new TreeMap<Integer, NodeMemory>();
        for (var node : machine.nodes()) {
            var tables = new TreeMap<String, NodeMemory.Table>();
            long pages = 0;
            for (var size : node.hugePages().entrySet()) {
                var type = pages(size.getKey());
                tables.put(type, table(size.getValue(), reserved(reserved, node.id(), type), 0));
                pages += size.getValue();
            }
            long system = reserved(reserved, node.id(), ResourceNames.MEMORY);
            tables.put(ResourceNames.MEMORY, table(node.memory(), system, pages));
            nodes.put(node.id(), new NodeMemory(0, tables, List.of(node.id())));
        }
        return new MemoryPolicy(new MemoryAssignments(nodes, new TreeMap<>()));
    }

    private static String pages(long size) {
        return ResourceNames.HUGE_PAGES + new Quantity(BigDecimal.valueOf(size), Quantity.Format.BINARY);
    }

    private static long reserved(List<ReservedMemory> all, int node, String type) {
        return all.stream()
                .filter(each -> each.node() == node)
                .mapToLong(
                        each -> each.limits().getOrDefault(type, Quantity.ZERO).units())
                .sum();
    }

    private static NodeMemory.Table table(long total, long system, long pages) {
        long allocatable = Math.max(0, total - system - pages);
        return new NodeMemory.Table(total, system, allocatable, 0, allocatable);
    }

    /// What of each node can be promised.
    List<Block> allocatable() {
        var all = new ArrayList<Block>();
        empty.nodes()
                .forEach((id, node) -> node.tables().forEach((type, table) -> {
                    if (table.allocatable() > 0) all.add(new Block(List.of(id), type, table.allocatable()));
                }));
        return all;
    }

    /// What an earlier agent has promised, if it goes with this machine.
    ///
    /// @throws IllegalArgumentException in the kubelet's words, when it does not
    MemoryAssignments begin(MemoryAssignments before) {
        if (before.nodes().isEmpty()) {
            if (!before.promised().isEmpty())
                throw new IllegalArgumentException(
                        "[memorymanager] machine state can not be empty when it has memory assignments");
            return empty;
        }
        var expected = new MemoryAssignments(empty.nodes(), before.promised());
        for (var pod : before.promised().entrySet())
            for (var container : pod.getValue().entrySet())
                for (var block : container.getValue())
                    expected = taking(expected, block, pod.getKey(), container.getKey());
        if (!same(before, expected))
            throw new IllegalArgumentException(
                    "[memorymanager] the expected machine state is different from the real one");
        return before;
    }

    private static MemoryAssignments taking(MemoryAssignments from, Block block, String uid, String container) {
        for (int id : block.nodes()) {
            var whose = "[memorymanager] (pod: " + uid + ", container: " + container + ") the memory assignment uses ";
            if (!from.nodes().containsKey(id))
                throw new IllegalArgumentException(whose + "the NUMA that does not exist");
            if (!from.node(id).tables().containsKey(block.type()))
                throw new IllegalArgumentException(whose + "memory resource that does not exist");
        }
        return from.taking(block);
    }

    private static boolean same(MemoryAssignments left, MemoryAssignments right) {
        if (!left.nodes().keySet().equals(right.nodes().keySet())) return false;
        for (int id : left.nodes().keySet()) {
            var one = left.node(id);
            var other = right.node(id);
            if (one.promises() != other.promises()
                    || !new HashSet<>(one.group()).equals(new HashSet<>(other.group()))
                    || !one.tables().keySet().equals(other.tables().keySet())) return false;
            for (var type : one.tables().keySet()) {
                if (!one.table(type).asLarge(other.table(type))) return false;
                // In which order those of a group were taken from does not matter.
                if (left.free(one.group(), type) != right.free(one.group(), type)) return false;
            }
        }
        return true;
    }

    /// What a container asks for, by type.
    static SortedMap<String, Long> wanted(Container spec) {
        var wanted = new TreeMap<String, Long>();
        spec.resources().requests().forEach((type, amount) -> {
            if (ReservedMemory.ofMemory(type)) wanted.put(type, amount.units());
        });
        return wanted;
    }

    /// The most that all of a pod's containers ask for at the same time.
    static SortedMap<String, Long> wanted(Pod pod) {
        var beside = new TreeMap<String, Long>();
        var most = new TreeMap<String, Long>();
        for (var spec : pod.spec().initContainers())
            wanted(spec).forEach((type, size) -> {
                long before = beside.getOrDefault(type, 0L);
                if (Pods.sidecar(spec)) beside.put(type, before + size);
                else most.merge(type, before + size, Math::max);
            });
        var last = new TreeMap<String, Long>();
        for (var spec : pod.spec().containers())
            wanted(spec).forEach((type, size) -> last.merge(type, size, Long::sum));
        last.replaceAll((type, size) -> Math.max(size + beside.getOrDefault(type, 0L), most.getOrDefault(type, 0L)));
        return last;
    }

    List<List<Hint>> hints(MemoryAssignments now, Pod pod, Container spec, ReusableMemory reusable) {
        var wanted = wanted(spec);
        return now.knows(pod.uid(), spec.name())
                ? again(now.of(pod.uid(), spec.name()), wanted)
                : hints(now, wanted, reusable);
    }

    List<List<Hint>> hints(MemoryAssignments now, Pod pod) {
        var wanted = wanted(pod);
        var known = now.of(pod.uid()).values().stream().findFirst();
        return known.isPresent() ? again(known.get(), wanted) : hints(now, wanted, ReusableMemory.NONE);
    }

    /// Hints that lead to what has been promised already.
    private static List<List<Hint>> again(List<Block> blocks, SortedMap<String, Long> wanted) {
        boolean same = blocks.size() == wanted.size()
                && blocks.stream().allMatch(block -> wanted.getOrDefault(block.type(), -1L) == block.size());
        if (!same) return List.of();
        return blocks.stream()
                .map(block -> List.of(Hint.of(block.mask(), true)))
                .toList();
    }

    private List<List<Hint>> hints(MemoryAssignments now, SortedMap<String, Long> wanted, ReusableMemory reusable) {
        var possible = possible(now, wanted, reusable);
        // As in the original: who cannot have it anywhere is told so when it is to be promised.
        if (possible.isEmpty()) return List.of();
        return wanted.keySet().stream().map(type -> possible).toList();
    }

    /// From which nodes all that is wanted could be promised.
    private List<Hint> possible(MemoryAssignments now, Map<String, Long> wanted, ReusableMemory reusable) {
        var nodes = List.copyOf(now.nodes().keySet());
        int fewest = nodes.size();
        var possible = new ArrayList<NodeMask>();
        for (var mask : NodeMask.combinations(nodes)) {
            var some = mask.nodes();
            boolean large = wanted.entrySet().stream()
                    .allMatch(each -> some.stream()
                                    .mapToLong(id ->
                                            now.node(id).table(each.getKey()).allocatable())
                                    .sum()
                            >= each.getValue());
            if (!large) continue;
            fewest = Math.min(fewest, mask.count());
            if (!fits(now, some, true)) continue;
            boolean free = wanted.entrySet().stream()
                    .allMatch(each ->
                            now.free(some, each.getKey()) + reusable.of(mask, each.getKey()) >= each.getValue());
            if (free) possible.add(mask);
        }
        return possible.isEmpty() ? List.of() : Hint.preferringFewest(possible, fewest);
    }

    /// A node promises memory either alone, or together with always the same others.
    ///
    /// @param strictly whether one that does so with others may not do so alone
    private static boolean fits(MemoryAssignments now, List<Integer> some, boolean strictly) {
        if (some.size() == 1)
            return !strictly || now.node(some.getFirst()).group().size() == 1;
        return some.stream()
                .map(now::node)
                .allMatch(node -> node.promises() == 0
                        || node.group().size() > 1 && new HashSet<>(node.group()).equals(new HashSet<>(some)));
    }

    /// What becomes of the node when a container is promised what it asks for.
    ///
    /// @param reusable noted here: what those had that have ended when this one begins
    MemoryAssignments promise(
            MemoryAssignments now, Pod pod, Container spec, Hint hint, Map<String, ReusableMemory> reusable)
            throws AllocationException {
        var before = reusable.getOrDefault(pod.uid(), ReusableMemory.NONE);
        boolean ends = ends(pod, spec.name());
        if (now.knows(pod.uid(), spec.name())) {
            reusable.put(pod.uid(), before.after(now.of(pod.uid(), spec.name()), ends));
            return now;
        }
        var wanted = wanted(spec);
        var nodes = nodes(now, wanted, hint, before);
        var next = now;
        var blocks = new ArrayList<Block>();
        for (var each : wanted.entrySet()) {
            var block = new Block(nodes.nodes(), each.getKey(), each.getValue());
            blocks.add(block);
            next = next.taking(block.less(Math.min(block.size(), before.of(nodes, block.type()))));
        }
        reusable.put(pod.uid(), before.after(blocks, ends));
        next = next.noting(pod.uid(), spec.name(), blocks);
        for (var block : blocks) next = reused(next, pod, spec.name(), block);
        return next;
    }

    private static boolean ends(Pod pod, String container) {
        return pod.spec().initContainers().stream()
                .anyMatch(spec -> spec.name().equals(container) && !Pods.sidecar(spec));
    }

    private NodeMask nodes(MemoryAssignments now, SortedMap<String, Long> wanted, Hint hint, ReusableMemory reusable)
            throws AllocationException {
        var possible = possible(now, wanted, reusable);
        var best = hint;
        if (hint.nodes().isEmpty()) {
            if (possible.isEmpty())
                throw failed("failed to get the default NUMA affinity, no NUMA nodes with enough memory is available");
            best = best(possible);
            if (hint.preferred() && !best.preferred()) throw failed("failed to find the default preferred hint");
        }
        var mask = best.nodes().orElseThrow();
        boolean enough =
                wanted.entrySet().stream().allMatch(each -> now.free(mask.nodes(), each.getKey()) >= each.getValue());
        if (!enough) {
            var wider = possible.stream()
                    .filter(each -> each.nodes()
                            .filter(nodes -> nodes.and(mask).equals(mask))
                            .isPresent())
                    .toList();
            if (wider.isEmpty()) throw failed("failed to find NUMA nodes to extend the current topology hint");
            var extended = best(wider);
            if (best.preferred() && !extended.preferred()) throw failed("failed to find the extended preferred hint");
            best = extended;
        }
        var nodes = best.nodes().orElseThrow();
        if (!fits(now, nodes.nodes(), false)) throw failed("preferred hint violates NUMA node allocation");
        return nodes;
    }

    private static AllocationException failed(String why) {
        return AllocationException.unexpected("[memorymanager] " + why);
    }

    private static Hint best(List<Hint> possible) {
        return Collections.min(possible, BEST);
    }

    /// What a container has of others that have ended, these do not count as having any more: all together is what is
    /// promised to the pod.
    private static MemoryAssignments reused(MemoryAssignments now, Pod pod, String container, Block block) {
        var result = now;
        long left = block.size();
        for (var spec : pod.spec().initContainers()) {
            if (spec.name().equals(container) || left == 0) break;
            if (Pods.sidecar(spec)) continue;
            var blocks = new ArrayList<>(result.of(pod.uid(), spec.name()));
            for (int i = 0; i < blocks.size(); i++) {
                var had = blocks.get(i);
                if (!had.type().equals(block.type()) || !had.mask().equals(block.mask())) continue;
                long part = Math.min(left, had.size());
                blocks.set(i, had.less(part));
                left -= part;
            }
            if (!blocks.isEmpty()) result = result.noting(pod.uid(), spec.name(), blocks);
        }
        return result;
    }
}
