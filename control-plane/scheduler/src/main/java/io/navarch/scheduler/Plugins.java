package io.navarch.scheduler;

import io.navarch.kinds.node.NodeSelection;
import io.navarch.kinds.node.Taints;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The default profile's plugins, under their standard names and with their standard texts.
public final class Plugins {
    private Plugins() {}

    public static List<Plugin> defaults() {
        return List.of(
                new NodeUnschedulable(),
                new NodeName(),
                new TaintToleration(),
                new NodeAffinity(),
                new NodePorts(),
                new NodeResourcesFit(),
                new BalancedAllocation());
    }

    record NodeUnschedulable() implements Plugin.Filter {
        @Override
        public String name() {
            return "NodeUnschedulable";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            var taint = View.of(Map.of("key", "node.kubernetes.io/unschedulable", "effect", "NoSchedule"));
            boolean closed = node.node().spec().get("unschedulable").bool() && !Taints.toleratedBy(pod, taint);
            return closed ? List.of("node(s) were unschedulable") : List.of();
        }
    }

    record NodeName() implements Plugin.Filter {
        @Override
        public String name() {
            return "NodeName";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            var wanted = pod.spec().get("nodeName").string();
            return wanted.isEmpty() || wanted.equals(node.name())
                    ? List.of()
                    : List.of("node(s) didn't match the requested node name");
        }
    }

    record TaintToleration() implements Plugin.Filter, Plugin.Score {
        @Override
        public String name() {
            return "TaintToleration";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            for (var taint : node.node().spec().get("taints").views()) {
                if (taint.get("effect").string().equals("PreferNoSchedule") || Taints.toleratedBy(pod, taint)) continue;
                return List.of("node(s) had untolerated taint(s)");
            }
            return List.of();
        }

        @Override
        public double score(View pod, NodeState node) {
            return node.node().spec().get("taints").stream()
                    .filter(taint ->
                            taint.get("effect").string().equals("PreferNoSchedule") && !Taints.toleratedBy(pod, taint))
                    .count();
        }

        @Override
        public int weight() {
            return 3;
        }

        @Override
        public Plugin.Normalisation normalisation() {
            return Plugin.Normalisation.LOWER_IS_BETTER;
        }
    }

    record NodeAffinity() implements Plugin.Filter, Plugin.Score {
        @Override
        public String name() {
            return "NodeAffinity";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            return NodeSelection.selects(pod.spec(), node.node())
                    ? List.of()
                    : List.of("node(s) didn't match Pod's node affinity/selector");
        }

        @Override
        public double score(View pod, NodeState node) {
            double sum = 0;
            for (var preferred : pod.spec()
                    .get("affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution")
                    .views()) {
                if (NodeSelection.matches(preferred.get("preference"), node.node()))
                    sum += preferred.get("weight").longOr(0);
            }
            return sum;
        }

        @Override
        public int weight() {
            return 2;
        }

        @Override
        public Plugin.Normalisation normalisation() {
            return Plugin.Normalisation.HIGHER_IS_BETTER;
        }
    }

    record NodePorts() implements Plugin.Filter {
        @Override
        public String name() {
            return "NodePorts";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            for (var port : NodeState.hostPorts(pod)) {
                var wanted = port.split("/");
                for (var used : node.hostPorts()) {
                    var taken = used.split("/");
                    boolean address =
                            wanted[0].equals(taken[0]) || wanted[0].equals("0.0.0.0") || taken[0].equals("0.0.0.0");
                    if (address && wanted[1].equals(taken[1]) && wanted[2].equals(taken[2])) {
                        return List.of("node(s) didn't have free ports for the requested pod ports");
                    }
                }
            }
            return List.of();
        }
    }

    /// Filters by what is left, and prefers nodes with more left (the `LeastAllocated` strategy).
    record NodeResourcesFit() implements Plugin.Filter, Plugin.Score {
        @Override
        public String name() {
            return "NodeResourcesFit";
        }

        @Override
        public List<String> filter(View pod, NodeState node) {
            var reasons = new ArrayList<String>();
            if (node.pods().size() + 1 > node.allocatable("pods")) reasons.add("Too many pods");
            NodeState.requests(pod, false).forEach((resource, amount) -> {
                if (amount > 0 && amount > node.allocatable(resource) - node.requested(resource))
                    reasons.add("Insufficient " + resource);
            });
            return reasons;
        }

        @Override
        public double score(View pod, NodeState node) {
            var requests = NodeState.requests(pod, true);
            double sum = 0;
            for (var resource : List.of("cpu", "memory")) {
                long total = node.allocatable(resource);
                long used = node.assumed(resource) + requests.getOrDefault(resource, 0L);
                if (total > 0 && used <= total) sum += (total - used) * 100.0 / total;
            }
            return sum / 2;
        }
    }

    record BalancedAllocation() implements Plugin.Score {
        @Override
        public String name() {
            return "NodeResourcesBalancedAllocation";
        }

        @Override
        public double score(View pod, NodeState node) {
            var requests = NodeState.requests(pod, false);
            var shares = new HashMap<String, Double>();
            for (var resource : List.of("cpu", "memory")) {
                long total = node.allocatable(resource);
                if (total == 0) continue;
                shares.put(
                        resource,
                        Math.min(
                                1.0,
                                (node.requested(resource) + requests.getOrDefault(resource, 0L)) / (double) total));
            }
            double difference = Math.abs(shares.getOrDefault("cpu", 0.0) - shares.getOrDefault("memory", 0.0)) / 2;
            return (1 - difference) * 100;
        }
    }
}
