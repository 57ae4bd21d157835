package io.navarch.agent.numa;

import io.navarch.agent.numa.TopologyOptions.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// On which NUMA nodes all who give something to a container, or to a pod, can agree.
public final class HintMerger {
    private final TopologyOptions options;
    private final NodeMask whole;
    private final Map<Integer, MachineTopology.NumaNode> nodes;

    public HintMerger(TopologyOptions options, MachineTopology machine) {
        this.options = options;
        whole = NodeMask.of(machine.nodeIds());
        nodes = machine.nodes().stream().collect(Collectors.toMap(MachineTopology.NumaNode::id, Function.identity()));
    }

    /// What they agree on, empty when the policy wants a better one than there is.
    ///
    /// @param hints one list for each resource
    public Optional<Hint> merge(List<List<Hint>> hints) {
        var best = switch (options.policy()) {
            case NONE -> Hint.UNKNOWN;
            case SINGLE_NUMA_NODE ->
                anyOfAll(best(hints.stream().map(HintMerger::ofOneNode).toList()));
            default -> best(hints);
        };
        boolean enough = switch (options.policy()) {
            case NONE, BEST_EFFORT -> true;
            default -> best.preferred();
        };
        return enough ? Optional.of(best) : Optional.empty();
    }

    private static List<Hint> ofOneNode(List<Hint> hints) {
        return hints.stream()
                .filter(hint -> hint.preferred()
                        && hint.nodes().filter(nodes -> nodes.count() != 1).isEmpty())
                .toList();
    }

    /// All nodes together are no place of their own.
    private Hint anyOfAll(Hint hint) {
        return hint.nodes().filter(whole::equals).isPresent() ? new Hint(Optional.empty(), hint.preferred()) : hint;
    }

    /// The best of what comes out when one hint of each list is taken.
    private Hint best(List<List<Hint>> hints) {
        var choice = new Choice(mostOfLeast(hints));
        choose(hints, 0, new ArrayList<>(), choice);
        return choice.best == null ? Hint.of(whole, false) : choice.best.hint();
    }

    private void choose(List<List<Hint>> hints, int index, List<Hint> chosen, Consumer<Merged> choice) {
        if (index == hints.size()) {
            choice.accept(merged(chosen));
            return;
        }
        for (var hint : hints.get(index)) {
            chosen.add(hint);
            choose(hints, index + 1, chosen, choice);
            chosen.removeLast();
        }
    }

    private record Merged(NodeMask nodes, boolean preferred) {
        private Hint hint() {
            return Hint.of(nodes, preferred);
        }
    }

    /// Preferred only if all are, and all say the same.
    private Merged merged(List<Hint> chosen) {
        boolean preferred = true;
        NodeMask first = null;
        var common = whole;
        for (var hint : chosen) {
            preferred &= hint.preferred();
            if (hint.nodes().isEmpty()) continue;
            var nodes = hint.nodes().get();
            if (first == null) first = nodes;
            preferred &= nodes.equals(first);
            common = common.and(nodes);
        }
        return new Merged(common, preferred);
    }

    /// How many nodes whoever needs the most of them needs at least.
    private static int mostOfLeast(List<List<Hint>> hints) {
        int most = 0;
        for (var each : hints) {
            var least = each.stream()
                    .flatMap(hint -> hint.nodes().stream())
                    .mapToInt(NodeMask::count)
                    .min();
            if (least.isPresent()) most = Math.max(most, least.getAsInt());
        }
        return most;
    }

    private final class Choice implements Consumer<Merged> {
        private final int wanted;
        private @Nullable Merged best;

        /// @param wanted how many nodes are best where nothing is preferred
        private Choice(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public void accept(Merged next) {
            if (next.nodes.count() == 0) return;
            var now = best;
            if (now == null || better(now, next)) best = next;
        }

        private boolean better(Merged now, Merged next) {
            if (now.preferred != next.preferred) return next.preferred;
            int has = now.nodes.count();
            int would = next.nodes.count();
            // What is too wide may become narrower, what is as wide as it should be stays so, and what is too narrow
            // grows up to there.
            if (next.preferred || has > wanted || has == would) return fitter(now.nodes, next.nodes);
            return has < wanted && would <= wanted && would > has;
        }
    }

    private boolean fitter(NodeMask now, NodeMask next) {
        if (next.equals(now)) return false;
        boolean byDistance =
                options.closest() && options.policy() != Policy.SINGLE_NUMA_NODE && now.count() == next.count();
        if (!byDistance) return !now.narrowerThan(next);
        double from = distance(now);
        double to = distance(next);
        return from == to ? !now.lessThan(next) : to < from;
    }

    /// On average, from each of the nodes to each.
    private double distance(NodeMask mask) {
        double sum = 0;
        var all = mask.nodes();
        for (int from : all) {
            var node = nodes.get(from);
            for (int to : all)
                if (node != null && to < node.distances().size())
                    sum += node.distances().get(to);
        }
        return sum / (all.size() * all.size());
    }
}
