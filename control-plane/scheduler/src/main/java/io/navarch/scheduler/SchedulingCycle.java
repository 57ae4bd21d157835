package io.navarch.scheduler;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// One decision for one pod, as a pure function of the nodes as they are.
public final class SchedulingCycle {
    private final List<Plugin> plugins;
    private final RandomGenerator random;

    public SchedulingCycle(List<Plugin> plugins, RandomGenerator random) {
        this.plugins = plugins;
        this.random = random;
    }

    /// Where the pod goes (`""`: nowhere), and why each other node was left out.
    public record Outcome(String node, Map<String, List<String>> reasons, int nodes, List<String> rejecting) {
        public boolean scheduled() {
            return !node.isEmpty();
        }

        /// The text of the `FailedScheduling` event: `0/3 nodes are available: 1 Insufficient cpu, …`.
        public String message() {
            if (nodes == 0) return "no nodes available to schedule pods";
            var counts = new TreeMap<String, Integer>();
            reasons.values().forEach(list -> list.forEach(reason -> counts.merge(reason, 1, Integer::sum)));
            var parts = new ArrayList<String>();
            counts.forEach((reason, count) -> parts.add(count + " " + reason));
            parts.sort(Comparator.naturalOrder());
            return "0/" + nodes + " nodes are available: " + String.join(", ", parts) + ".";
        }
    }

    public Outcome schedule(View pod, Collection<NodeState> nodes) {
        var feasible = new ArrayList<NodeState>();
        var reasons = new TreeMap<String, List<String>>();
        var rejecting = new TreeSet<String>();
        for (var node : nodes) {
            var why = reject(pod, node, rejecting);
            if (why.isEmpty()) feasible.add(node);
            else reasons.put(node.name(), why);
        }
        if (feasible.isEmpty()) return new Outcome("", reasons, nodes.size(), List.copyOf(rejecting));
        return new Outcome(best(pod, feasible).name(), reasons, nodes.size(), List.of());
    }

    private List<String> reject(View pod, NodeState node, TreeSet<String> rejecting) {
        for (var plugin : plugins) {
            if (!(plugin instanceof Plugin.Filter filter)) continue;
            var why = filter.filter(pod, node);
            if (why.isEmpty()) continue;
            rejecting.add(plugin.name());
            return why;
        }
        return List.of();
    }

    private NodeState best(View pod, List<NodeState> nodes) {
        if (nodes.size() == 1) return nodes.getFirst();
        var totals = new double[nodes.size()];
        for (var plugin : plugins) {
            if (!(plugin instanceof Plugin.Score score)) continue;
            var values = new double[nodes.size()];
            double highest = 0;
            for (int i = 0; i < values.length; i++) {
                values[i] = score.score(pod, nodes.get(i));
                highest = Math.max(highest, values[i]);
            }
            for (int i = 0; i < values.length; i++) {
                double value = switch (score.normalisation()) {
                    case NONE -> values[i];
                    case HIGHER_IS_BETTER -> highest == 0 ? 0 : values[i] * 100 / highest;
                    case LOWER_IS_BETTER -> highest == 0 ? 100 : 100 - values[i] * 100 / highest;
                };
                totals[i] += value * score.weight();
            }
        }
        // Among equals one is drawn, so that pods spread.
        int chosen = 0;
        int equals = 1;
        for (int i = 1; i < totals.length; i++) {
            if (totals[i] > totals[chosen]) {
                chosen = i;
                equals = 1;
            } else if (totals[i] == totals[chosen] && random.nextInt(++equals) == 0) {
                chosen = i;
            }
        }
        return nodes.get(chosen);
    }
}
