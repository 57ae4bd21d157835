package io.navarch.agent.stats;

import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.PodCgroup;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.linux.MountTable;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.agent.stats.NodeUsage.Group;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.NodeUsage.VolumeUsage;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.ContainerStats;
import io.navarch.cri.RuntimeFailure;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the node, its pods and their containers take: only when somebody asks, and then once for all who ask in
/// the next seconds. Groups and directories go while they are read; what is gone is left out.
public final class UsageReader {
    private static final Logger LOG = LoggerFactory.getLogger(UsageReader.class);

    private static final Duration FRESH = Duration.ofSeconds(5);
    /// Directories are counted file by file.
    private static final Duration COUNTED = Duration.ofSeconds(60);
    /// Those of pods that may take no more than they said.
    private static final Duration COUNTED_OF_LIMITED = Duration.ofSeconds(10);

    /// What the node is asked for.
    ///
    /// @param pods all of the node
    /// @param state what the runtime has of a pod, by uid
    /// @param processes of the machine
    /// @param booted when the machine started
    public record Sources(
            Cgroups cgroups,
            ContainerRuntime runtime,
            Supplier<? extends Collection<Pod>> pods,
            Function<String, RuntimeState> state,
            Supplier<NodeUsage.Processes> processes,
            Instant booted,
            NodeUsage.Size size) {}

    private record Counted(Instant time, Map<Path, Disk> files) {}

    private final AgentConfig config;
    private final Sources sources;
    private final InstantSource clock;
    private final Rates rates = new Rates();
    private final Map<String, Counted> counted = new HashMap<>();
    private Optional<NodeUsage> last = Optional.empty();
    private Optional<NodeUsage> lastWithDisk = Optional.empty();

    public UsageReader(AgentConfig config, Sources sources, InstantSource clock) {
        this.config = config;
        this.sources = sources;
        this.clock = clock;
    }

    /// What processors and memory are taken, not older than a few seconds.
    public synchronized NodeUsage usage() {
        var now = clock.instant();
        if (last.filter(known -> fresh(known, now)).isEmpty()) last = Optional.of(read(now, false));
        return last.orElseThrow();
    }

    /// The same, and what of the disk is taken, not older than a minute.
    public synchronized NodeUsage usageWithDisk() {
        var now = clock.instant();
        if (lastWithDisk.filter(known -> fresh(known, now)).isEmpty()) {
            lastWithDisk = Optional.of(read(now, true));
            last = lastWithDisk;
        }
        return lastWithDisk.orElseThrow();
    }

    /// Everything anew.
    public synchronized NodeUsage now() {
        counted.clear();
        lastWithDisk = Optional.of(read(clock.instant(), true));
        last = lastWithDisk;
        return lastWithDisk.orElseThrow();
    }

    /// Of a clock that was set back nothing is fresh.
    private static boolean fresh(NodeUsage known, Instant now) {
        return !now.isBefore(known.time())
                && Duration.between(known.time(), now).compareTo(FRESH) < 0;
    }

    private NodeUsage read(Instant now, boolean disk) {
        var seen = new HashSet<String>();
        var written = disk ? written() : Map.<String, Disk>of();
        var pods = sources.pods.get();
        var each = new ArrayList<PodUsage>();
        for (var pod : pods) {
            var state = sources.state.apply(pod.uid());
            if (!state.running().isEmpty()) each.add(pod(pod, state, written, disk, seen));
        }
        counted.keySet().retainAll(pods.stream().map(Pod::uid).collect(Collectors.toSet()));
        var usage = new NodeUsage(
                now,
                sources.booted,
                sources.size,
                group("", seen),
                group(PodCgroup.ofPods(config.resources().cgroupRoot()), seen),
                PodCgroup.ofPods(config.resources().cgroupRoot()),
                Network.of(ProcessHandle.current().pid()),
                space(config.root()),
                space(config.images()),
                disk ? imageBytes() : 0,
                sources.processes.get(),
                List.copyOf(each));
        rates.keepOnly(seen);
        return usage;
    }

    private Optional<Group> group(String name, Set<String> seen) {
        seen.add(name);
        return sources.cgroups.usage(name).map(usage -> new Group(usage, rates.next(name, usage)));
    }

    private static Optional<FileSystemSpace> space(Path directory) {
        try {
            return Optional.of(FileSystemSpace.of(directory));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private PodUsage pod(Pod pod, RuntimeState state, Map<String, Disk> written, boolean disk, Set<String> seen) {
        var cgroup = PodCgroup.of(config.resources().cgroupRoot(), pod);
        var files = disk ? files(pod) : Map.<Path, Disk>of();
        var containers = state.running().stream()
                .map(container -> new ContainerUsage(
                        container.name(),
                        container.id(),
                        container.image(),
                        container.started().orElse(container.created()),
                        group(cgroup + "/" + container.id(), seen),
                        written.getOrDefault(container.id(), Disk.NONE),
                        files.getOrDefault(logs(pod).resolve(container.name()), Disk.NONE)))
                .toList();
        var network = state.sandboxes().stream()
                .filter(box -> !pod.spec().hostNetwork() && box.ready())
                .flatMap(box -> sources.cgroups.processes(cgroup + "/" + box.id()).stream())
                .findFirst()
                .map(Network::of)
                .orElse(List.of());
        return new PodUsage(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                pod.status().startTime().orElse(Instant.EPOCH),
                cgroup,
                group(cgroup, seen),
                network,
                containers,
                disk ? volumes(pod, files) : List.of());
    }

    private Path logs(Pod pod) {
        return Path.of(ContainerConfigs.logDirectory(config, pod));
    }

    private Path volumes(Pod pod) {
        return config.root().resolve("pods").resolve(pod.uid()).resolve("volumes");
    }

    /// What is below a pod's directories of volumes and logs, each counted by itself.
    private Map<Path, Disk> files(Pod pod) {
        var now = clock.instant();
        var known = counted.get(pod.uid());
        var keep = limited(pod) ? COUNTED_OF_LIMITED : COUNTED;
        if (known != null
                && !now.isBefore(known.time)
                && Duration.between(known.time, now).compareTo(keep) < 0) return known.files;
        var directories = new ArrayList<>(children(logs(pod)));
        for (var plugin : children(volumes(pod))) {
            // What is behind claims is not the pod's own, and whoever shows it may not answer.
            boolean claimed =
                    ClaimedVolume.Source.PLUGINS.contains(plugin.getFileName().toString());
            if (!claimed) directories.addAll(children(plugin));
        }
        var files = DiskUsage.of(directories);
        counted.put(pod.uid(), new Counted(now, files));
        return files;
    }

    private static boolean limited(Pod pod) {
        return PodResources.limits(pod.spec()).containsKey(ResourceNames.EPHEMERAL_STORAGE);
    }

    private static List<Path> children(Path directory) {
        try (var list = Files.list(directory)) {
            return list.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<VolumeUsage> volumes(Pod pod, Map<Path, Disk> files) {
        var mounts = mounts(pod);
        var below = volumes(pod);
        var result = new ArrayList<VolumeUsage>();
        for (var volume : pod.spec().volumes()) {
            var found = files.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(below)
                            && entry.getKey().getFileName().toString().equals(volume.name()))
                    .findFirst();
            if (found.isEmpty()) continue;
            var directory = found.get().getKey();
            result.add(new VolumeUsage(
                    volume.name(), found.get().getValue(), space(directory), !mounts.contains(directory)));
        }
        return result;
    }

    /// What is mounted there is not on the node's own disk.
    private Set<Path> mounts(Pod pod) {
        try {
            return Set.copyOf(MountTable.below(volumes(pod)));
        } catch (IOException e) {
            return Set.of();
        }
    }

    private Map<String, Disk> written() {
        try {
            return sources.runtime.stats().stream()
                    .collect(Collectors.toMap(
                            ContainerStats::id,
                            stats -> new Disk(stats.writtenBytes(), stats.writtenInodes()),
                            (a, b) -> b));
        } catch (RuntimeFailure e) {
            LOG.debug("the runtime does not say what containers have written: {}", e.getMessage());
            return Map.of();
        }
    }

    private long imageBytes() {
        try {
            return sources.runtime.images().stream()
                    .mapToLong(ContainerRuntime.Image::size)
                    .sum();
        } catch (RuntimeFailure e) {
            return 0;
        }
    }
}
