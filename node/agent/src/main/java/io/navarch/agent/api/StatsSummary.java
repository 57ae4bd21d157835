package io.navarch.agent.api;

import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerStats;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What containers use, in the kubelet's summary form.
record StatsSummary(String nodeName, NodePods pods, ContainerRuntime runtime) {
    Map<String, Object> read() {
        var byPod = runtime.stats().stream()
                .collect(Collectors.groupingBy(stats -> stats.labels().getOrDefault(ContainerConfigs.POD_UID, "")));
        var shown = pods.all().stream()
                .map(pod -> Trees.map(
                        "podRef",
                        Trees.map("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                        "containers",
                        byPod.getOrDefault(pod.uid(), List.of()).stream()
                                .map(StatsSummary::container)
                                .toList()))
                .toList();
        return Trees.map("node", Trees.map("nodeName", nodeName), "pods", shown);
    }

    private static Map<String, Object> container(ContainerStats stats) {
        var cpu = Trees.map("time", Timestamps.seconds(stats.cpuTime()), "usageCoreNanoSeconds", stats.cpuNanos());
        var memory =
                Trees.map("time", Timestamps.seconds(stats.memoryTime()), "workingSetBytes", stats.workingSetBytes());
        var name = stats.labels().getOrDefault(ContainerConfigs.CONTAINER_NAME, "");
        return Trees.map("name", name, "cpu", cpu, "memory", memory);
    }
}
