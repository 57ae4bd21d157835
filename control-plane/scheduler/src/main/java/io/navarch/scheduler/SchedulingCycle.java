package io.navarch.scheduler;

import io.navarch.model.Pod;
import io.navarch.scheduler.volumes.PodClaims;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// One decision for one pod, as a pure function of the nodes as they are.
public final class SchedulingCycle {
    private final List<Plugin> plugins;
    private final RandomGenerator random;

    SchedulingCycle(List<Plugin> plugins, RandomGenerator random) {
        this.plugins = plugins;
        this.random = random;
    }

    /// With the default profile's plugins.
    ///
    /// @param random draws among nodes that are equally good
    public static SchedulingCycle standard(RandomGenerator random) {
        return new SchedulingCycle(Plugins.defaults(), random);
    }

    /// Where the pod goes, and why it cannot go to each other node.
    ///
    /// @param node `""` when none can take it
    /// @param rejections by node
    /// @param nodes how many there are
    /// @param refusal why no node can take it whatever the node is like, `""` when it depends on the nodes
    /// @param rejecting the plugins that rejected a node
    /// @param volumes what its claims get on the node
    record Outcome(
            String node,
            Map<String, List<Rejection>> rejections,
            int nodes,
            String refusal,
            List<String> rejecting,
            PodClaims.Plan volumes) {
        boolean scheduled() {
            return !node.isEmpty();
        }

        /// The reason of the condition `PodScheduled`.
        String reason() {
            return "Unschedulable";
        }

        /// The text of the `FailedScheduling` event: `0/3 nodes are available: 1 Insufficient cpu, …`.
        String message() {
            if (nodes == 0) return "no nodes available to schedule pods";
            if (!refusal.isEmpty()) return "0/" + nodes + " nodes are available: " + refusal + ".";
            var counts = new TreeMap<String, Integer>();
            for (var each : rejections.values())
                each.forEach(rejection -> counts.merge(rejection.text(), 1, Integer::sum));
            return unavailable(nodes, counts);
        }
    }

    /// @param counts by reason, for how many nodes it holds
    static String unavailable(int nodes, Map<String, Integer> counts) {
        var parts = new ArrayList<String>();
        counts.forEach((reason, count) -> parts.add(count + " " + reason));
        parts.sort(Comparator.naturalOrder());
        return "0/" + nodes + " nodes are available: " + String.join(", ", parts) + ".";
    }

    Outcome schedule(PodInfo info, Collection<NodeState> nodes) {
        return schedule(info, nodes, new Nominations());
    }

    /// @param nominations for whom room is being made
    Outcome schedule(PodInfo info, Collection<NodeState> nodes, Nominations nominations) {
        for (var plugin : plugins) {
            if (!(plugin instanceof Plugin.PreFilter filter)) continue;
            var refusal = filter.preFilter(info);
            if (refusal.isPresent())
                return new Outcome(
                        "", Map.of(), nodes.size(), refusal.get(), List.of(plugin.name()), PodClaims.Plan.NOTHING);
        }
        var feasible = new ArrayList<NodeState>();
        var rejections = new TreeMap<String, List<Rejection>>();
        var rejecting = new TreeSet<String>();
        for (var node : nodes) {
            var why = reject(info, nominations.with(node, info), rejecting);
            if (why.isEmpty()) feasible.add(node);
            else rejections.put(node.name(), why);
        }
        if (feasible.isEmpty())
            return new Outcome("", rejections, nodes.size(), "", List.copyOf(rejecting), PodClaims.Plan.NOTHING);
        var best = nominated(info.pod(), feasible).orElseGet(() -> best(info, feasible));
        var volumes = info.claims().map(claims -> claims.on(best.node())).orElse(PodClaims.Plan.NOTHING);
        return new Outcome(best.name(), rejections, nodes.size(), "", List.of(), volumes);
    }

    int anyOf(int count) {
        return random.nextInt(count);
    }

    /// The node on which room was made for the pod.
    private static Optional<NodeState> nominated(Pod pod, List<NodeState> nodes) {
        var name = pod.status().nominatedNodeName();
        if (name.isEmpty()) return Optional.empty();
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }

    /// Why a node cannot take the pod; empty when it can.
    List<Rejection> reject(PodInfo pod, NodeState node) {
        return reject(pod, node, new TreeSet<>());
    }

    private List<Rejection> reject(PodInfo pod, NodeState node, Set<String> rejecting) {
        for (var plugin : plugins) {
            if (!(plugin instanceof Plugin.Filter filter)) continue;
            var why = filter.filter(pod, node);
            if (why.isEmpty()) continue;
            rejecting.add(plugin.name());
            return why;
        }
        return List.of();
    }

    private NodeState best(PodInfo pod, List<NodeState> nodes) {
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
        return nodes.get(draw(totals));
    }

    /// The index of the highest total; among equals one is drawn, so that pods spread.
    private int draw(double[] totals) {
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
        return chosen;
    }
}
