package io.navarch.agent.cpus;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Cpu;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Cpus;
import io.navarch.agent.numa.MachineTopology;
import io.navarch.agent.numa.NodeMask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which of the free processors a container gets that needs more than one NUMA node has: as many of each of as few as
/// possible, so that what is left is in balance.
///
/// @param group how many are always given together
record CpuSpread(MachineTopology machine, CpuSet available, int needed, int group) {
    /// @param nodes that give as many each
    /// @param more those that give what is left over
    private record Plan(List<Integer> nodes, List<Integer> more, double imbalance) {}

    CpuSet cpus() throws AllocationException {
        if (needed < 1) return CpuSet.EMPTY;
        if (needed % group != 0) return packed(available, needed);
        var free = machine.cpus().only(available);
        if (needed > free.all().size()) throw CpuChoice.tooFew(needed, available);
        var nodes = CpuChoice.nodes(machine, available);
        int most = Math.min(groups(needed), nodes.size());
        for (int count = fewest(); count <= most; count++) {
            Plan best = null;
            for (var some : NodeMask.combinations(nodes, count)) {
                var plan = plan(free, nodes, some);
                if (plan.isPresent() && (best == null || plan.get().imbalance < best.imbalance)) best = plan.get();
            }
            if (best != null) return carriedOut(free, best);
        }
        return packed(available, needed);
    }

    private CpuSet packed(CpuSet from, int count) throws AllocationException {
        return CpuChoice.packed(machine, from, count, false);
    }

    private int groups(int cpus) {
        return (cpus - 1) / group + 1;
    }

    /// On how many nodes it fits at best.
    private int fewest() {
        int perNode = (groups(machine.cpus().all().size()) - 1) / machine.nodesWithCpus() + 1;
        return (groups(needed) - 1) / perNode + 1;
    }

    private int each(List<Integer> some) {
        return needed / some.size() / group * group;
    }

    private Optional<Plan> plan(Cpus free, List<Integer> nodes, List<Integer> some) {
        int whole = some.stream()
                .mapToInt(node -> free.in(Cpu::node, node).size() / group)
                .sum();
        int each = each(some);
        if (whole * group < needed
                || some.stream().anyMatch(node -> free.in(Cpu::node, node).size() < each)) return Optional.empty();
        var left = new HashMap<Integer, Integer>();
        for (int node : nodes) left.put(node, free.in(Cpu::node, node).size());
        for (int node : some) left.merge(node, -each, Integer::sum);
        int over = needed - each * some.size();
        if (over == 0) return Optional.of(new Plan(some, List.of(), imbalance(left)));
        return planOver(some, left, over);
    }

    /// Who gives what is left over: as many as possible first.
    private Optional<Plan> planOver(List<Integer> some, Map<Integer, Integer> left, int over) {
        var can = some.stream()
                .filter(node -> left.getOrDefault(node, 0) >= group)
                .toList();
        Plan best = null;
        for (int count = can.size(); count >= 1; count--) {
            for (var subset : NodeMask.combinations(can, count)) {
                var after = after(left, subset, over);
                if (after == null) continue;
                double imbalance = imbalance(after);
                if (best == null || imbalance < best.imbalance) best = new Plan(some, subset, imbalance);
            }
        }
        return Optional.ofNullable(best);
    }

    /// What would be left, `null` if these have too little.
    private @Nullable Map<Integer, Integer> after(Map<Integer, Integer> left, List<Integer> subset, int over) {
        var after = new HashMap<>(left);
        int missing = over;
        while (missing > 0) {
            int before = missing;
            for (int node : subset) {
                if (missing == 0 || after.getOrDefault(node, 0) < group) continue;
                after.merge(node, -group, Integer::sum);
                missing -= group;
            }
            if (missing == before) return null;
        }
        return after;
    }

    /// The standard deviation, as exactly as the kubelet counts it.
    private static double imbalance(Map<Integer, Integer> left) {
        double mean =
                rounded(left.values().stream().mapToInt(each -> each).average().orElse(0));
        double squares = left.values().stream()
                .mapToDouble(each -> (each - mean) * (each - mean))
                .sum();
        return rounded(Math.sqrt(squares / left.size()));
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private CpuSet carriedOut(Cpus free, Plan plan) throws AllocationException {
        var taken = CpuSet.EMPTY;
        for (int node : plan.nodes) taken = taken.plus(packed(free.in(Cpu::node, node), each(plan.nodes)));
        int over = needed - taken.size();
        while (over > 0) {
            for (int node : plan.more) {
                var left = free.in(Cpu::node, node).minus(taken);
                if (over == 0 || left.size() < group) continue;
                taken = taken.plus(packed(left, group));
                over -= group;
            }
        }
        return taken;
    }
}
