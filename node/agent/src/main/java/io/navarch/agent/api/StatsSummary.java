package io.navarch.agent.api;

import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.agent.stats.NodeUsage.Group;
import io.navarch.agent.stats.NodeUsage.Interface;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.NodeUsage.VolumeUsage;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What is taken, in the kubelet's summary form.
record StatsSummary(String nodeName, NodeUsage usage, boolean disk, Function<String, Collection<ClaimUsage>> claims) {
    Map<String, Object> tree() {
        return Trees.map(
                "node", node(), "pods", usage.each().stream().map(this::pod).toList());
    }

    private Map<String, Object> node() {
        var node = Trees.map("nodeName", nodeName);
        usage.pods()
                .ifPresent(group -> node.put(
                        "systemContainers",
                        List.of(group(Trees.map("name", "pods", "startTime", time(usage.booted())), group))));
        node.put("startTime", time(usage.booted()));
        usage.machine().ifPresent(group -> {
            group(node, group);
            var memory = Trees.map(
                    "time",
                    time(usage.time()),
                    "availableBytes",
                    Math.max(0, usage.size().memory() - group.usage().memory().workingSet()));
            memory.putAll(memory(group.usage()));
            node.put("memory", memory);
        });
        if (!disk) return node;
        network(usage.network()).ifPresent(shown -> node.put("network", shown));
        usage.root().ifPresent(space -> node.put("fs", fileSystem(space, used(space))));
        usage.images().ifPresent(space -> {
            var images =
                    fileSystem(space, new Disk(usage.imageBytes(), used(space).inodes()));
            node.put("runtime", Trees.map("imageFs", images, "containerFs", fileSystem(space, used(space))));
        });
        node.put(
                "rlimit",
                Trees.map(
                        "time", time(usage.time()),
                        "maxpid", usage.processes().most(),
                        "curproc", usage.processes().running()));
        return node;
    }

    private Map<String, Object> pod(PodUsage pod) {
        var shown = Trees.map(
                "podRef",
                Trees.map("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                "startTime",
                time(pod.started()),
                "containers",
                pod.containers().stream().map(this::container).toList());
        pod.group().ifPresent(group -> {
            group(shown, group);
            shown.put("process_stats", Trees.map("process_count", group.usage().processes()));
        });
        if (!disk) return shown;
        network(pod.network()).ifPresent(network -> shown.put("network", network));
        var volumes = new ArrayList<Object>();
        for (var volume : pod.volumes()) volumes.add(volume(volume));
        for (var claim : claims.apply(pod.uid())) volumes.add(claim(claim));
        if (!volumes.isEmpty()) shown.put("volume", volumes);
        usage.root().ifPresent(space -> shown.put("ephemeral-storage", fileSystem(space, pod.ephemeral())));
        return shown;
    }

    private Map<String, Object> container(ContainerUsage container) {
        var shown = Trees.map("name", container.name(), "startTime", time(container.started()));
        container.group().ifPresent(group -> group(shown, group));
        if (!disk) return shown;
        usage.images().ifPresent(space -> shown.put("rootfs", fileSystem(space, container.written())));
        usage.root().ifPresent(space -> shown.put("logs", fileSystem(space, container.logs())));
        return shown;
    }

    private Map<String, Object> volume(VolumeUsage volume) {
        var shown = volume.space()
                .map(space -> fileSystem(space, volume.used()))
                .orElseGet(() -> Trees.map("time", time(usage.time())));
        shown.put("name", volume.name());
        return shown;
    }

    private Map<String, Object> claim(ClaimUsage claim) {
        var shown = fileSystem(claim.space(), claim.used());
        shown.put("name", claim.volume());
        shown.put(
                "pvcRef",
                Trees.map(
                        "name", claim.claim().name(), "namespace", claim.claim().namespace()));
        return shown;
    }

    private Map<String, Object> group(Map<String, Object> shown, Group group) {
        var cpu = Trees.map("time", time(group.usage().time()));
        if (group.nanoCores() >= 0) cpu.put("usageNanoCores", group.nanoCores());
        cpu.put("usageCoreNanoSeconds", group.usage().cpu().nanos());
        shown.put("cpu", cpu);
        var memory = Trees.map("time", time(group.usage().time()));
        long limit = group.usage().memory().limit();
        if (limit > 0)
            memory.put(
                    "availableBytes", Math.max(0, limit - group.usage().memory().workingSet()));
        memory.putAll(memory(group.usage()));
        shown.put("memory", memory);
        shown.put(
                "swap",
                Trees.map(
                        "time", time(group.usage().time()),
                        "swapUsageBytes", group.usage().memory().swap()));
        return shown;
    }

    private static Map<String, Object> memory(CgroupUsage usage) {
        var memory = usage.memory();
        return Trees.map(
                "usageBytes", memory.usage(),
                "workingSetBytes", memory.workingSet(),
                "rssBytes", memory.rss(),
                "pageFaults", memory.faults(),
                "majorPageFaults", memory.majorFaults());
    }

    private Optional<Map<String, Object>> network(List<Interface> interfaces) {
        if (interfaces.isEmpty()) return Optional.empty();
        var shown = Trees.map("time", time(usage.time()));
        // The first is what others reach it by.
        shown.putAll(carried(interfaces.getFirst()));
        shown.put("interfaces", interfaces.stream().map(StatsSummary::carried).toList());
        return Optional.of(shown);
    }

    private static Map<String, Object> carried(Interface each) {
        return Trees.map(
                "name", each.name(),
                "rxBytes", each.received().bytes(),
                "rxErrors", each.received().errors(),
                "txBytes", each.sent().bytes(),
                "txErrors", each.sent().errors());
    }

    private static Disk used(FileSystemSpace space) {
        return new Disk(space.bytes() - space.bytesAvailable(), space.inodes() - space.inodesFree());
    }

    private Map<String, Object> fileSystem(FileSystemSpace space, Disk used) {
        return Trees.map(
                "time", time(usage.time()),
                "availableBytes", space.bytesAvailable(),
                "capacityBytes", space.bytes(),
                "usedBytes", used.bytes(),
                "inodesFree", space.inodesFree(),
                "inodes", space.inodes(),
                "inodesUsed", used.inodes());
    }

    private static String time(Instant time) {
        return Timestamps.seconds(time);
    }
}
