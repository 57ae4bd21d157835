package io.navarch.scheduler;

import io.navarch.kinds.node.NodeSelection;
import io.navarch.kinds.node.Taints;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import java.util.ArrayList;
import java.util.List;

/// The default profile's plugins, under their standard names and with their standard texts.
public final class Plugins {
    private static final List<String> COMPARED = List.of(PodInfo.CPU, PodInfo.MEMORY);

    private Plugins() {}

    static List<Plugin> defaults() {
        return List.of(
                new NodeUnschedulable(),
                new NodeName(),
                new TaintToleration(),
                new NodeAffinity(),
                new NodePorts(),
                new NodeResourcesFit(),
                new VolumePlugins.VolumeRestrictions(),
                new VolumePlugins.NodeVolumeLimits(),
                new VolumePlugins.VolumeBinding(),
                new VolumePlugins.VolumeZone(),
                new BalancedAllocation());
    }

    record NodeUnschedulable() implements Plugin.Filter {
        private static final Taint TAINT = Taint.builder()
                .key(Taints.UNSCHEDULABLE)
                .effect(TaintEffect.NO_SCHEDULE)
                .build();

        @Override
        public String name() {
            return "NodeUnschedulable";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            boolean open = !node.node().spec().unschedulable() || Taints.toleratedBy(pod.pod(), TAINT);
            return Rejection.Plain.UNSCHEDULABLE.unless(open);
        }
    }

    record NodeName() implements Plugin.Filter {
        @Override
        public String name() {
            return "NodeName";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            var wanted = pod.pod().spec().nodeName();
            return Rejection.Plain.NAME.unless(wanted.isEmpty() || wanted.equals(node.name()));
        }
    }

    record TaintToleration() implements Plugin.Filter, Plugin.Score {
        @Override
        public String name() {
            return "TaintToleration";
        }

        @Override
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            for (var taint : node.node().spec().taints()) {
                if (taint.effect() != TaintEffect.PREFER_NO_SCHEDULE && !Taints.toleratedBy(pod.pod(), taint))
                    return List.of(Rejection.Plain.TAINTS);
            }
            return List.of();
        }

        @Override
        public double score(PodInfo pod, NodeState node) {
            return node.node().spec().taints().stream()
                    .filter(taint ->
                            taint.effect() == TaintEffect.PREFER_NO_SCHEDULE && !Taints.toleratedBy(pod.pod(), taint))
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
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            return Rejection.Plain.AFFINITY.unless(
                    NodeSelection.selects(pod.pod().spec(), node.node()));
        }

        @Override
        public double score(PodInfo pod, NodeState node) {
            var affinity = pod.pod().spec().affinity().nodeAffinity();
            double sum = 0;
            for (var preferred : affinity.preferredDuringSchedulingIgnoredDuringExecution()) {
                if (NodeSelection.matches(preferred.preference(), node.node())) sum += preferred.weight();
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
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            for (var wanted : pod.hostPorts()) {
                if (node.hostPorts().stream().anyMatch(wanted::conflicts)) return List.of(Rejection.Plain.PORTS);
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
        public List<Rejection> filter(PodInfo pod, NodeState node) {
            var rejections = new ArrayList<Rejection>();
            if (node.full()) rejections.add(Rejection.Plain.PODS);
            pod.requests().forEach((resource, amount) -> {
                long all = node.allocatable(resource);
                if (amount > 0 && amount > all - node.requested(resource))
                    rejections.add(new Rejection.Insufficient(resource, amount > all));
            });
            return rejections;
        }

        @Override
        public double score(PodInfo pod, NodeState node) {
            double sum = 0;
            for (var resource : COMPARED) {
                long total = node.allocatable(resource);
                long used = node.assumed(resource) + pod.assumed().getOrDefault(resource, 0L);
                if (total > 0 && used <= total) sum += (total - used) * 100.0 / total;
            }
            return sum / COMPARED.size();
        }
    }

    record BalancedAllocation() implements Plugin.Score {
        @Override
        public String name() {
            return "NodeResourcesBalancedAllocation";
        }

        @Override
        public double score(PodInfo pod, NodeState node) {
            double difference = Math.abs(share(pod, node, PodInfo.CPU) - share(pod, node, PodInfo.MEMORY)) / 2;
            return (1 - difference) * 100;
        }

        private static double share(PodInfo pod, NodeState node, String resource) {
            long total = node.allocatable(resource);
            long used = node.requested(resource) + pod.requests().getOrDefault(resource, 0L);
            return total == 0 ? 0 : Math.min(1.0, used / (double) total);
        }
    }
}
