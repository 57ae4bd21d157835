package io.navarch.agent.volumes;

import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.Environment;
import io.navarch.agent.decide.References;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.MountTable;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.cri.ContainerConfig.Device;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.cri.ImageViews;
import io.navarch.model.Container;
import io.navarch.model.EmptyDirVolumeSource;
import io.navarch.model.Pod;
import io.navarch.model.TerminationMessagePolicy;
import io.navarch.model.Volume;
import io.navarch.objects.Quantity;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real disk: volumes below the kubelet's directories, logs below `/var/log/pods`.
public final class DiskFiles implements PodFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFiles.class);

    /// ConfigMaps, Secrets and tokens are read again this often.
    private static final Duration REFRESH = Duration.ofSeconds(60);

    /// Volumes that have a limit are measured this often.
    private static final Duration MEASURE = Duration.ofSeconds(10);

    private static final long CLAIMS_MILLIS = 10_000;

    private static final String VOLUMES = "volumes";
    private static final int LONGEST_MESSAGE = 4096;
    private static final int LONGEST_FROM_LOG = 2048;
    private static final ContainerLogs.Request LAST_LINES =
            new ContainerLogs.Request(false, false, 80, -1, Optional.empty(), "");

    private final AgentConfig config;
    private final PodDirectories directories;
    private final ReferenceReader references;
    private final ProjectedTokens tokens;
    private final ClaimedVolumes claimed;
    private final ClaimUsages usages;
    private final BoundedCalls calls;
    private final ImageVolumes images;
    private final Map<String, Quantity> allocatable;
    private final AgentMetrics metrics;

    public DiskFiles(
            AgentConfig config,
            ReferenceReader references,
            ProjectedTokens tokens,
            ClaimReader claims,
            DriverVolumes drivers,
            ImageViews views,
            Map<String, Quantity> allocatable,
            AgentMetrics metrics) {
        this.metrics = metrics;
        this.config = config;
        this.directories = new PodDirectories(config.root());
        this.references = references;
        this.tokens = tokens;
        calls = drivers.calls();
        claimed = new ClaimedVolumes(
                directories,
                claims,
                drivers.mounts(),
                drivers.expansions(),
                FileServers.ofMachine(calls),
                drivers.work());
        usages = drivers.usages();
        images = new ImageVolumes(directories, views);
        this.allocatable = allocatable;
    }

    public void start(TaskScope scope) {
        scope.every("claims", CLAIMS_MILLIS, () -> {
            for (var due : usages.due(claimed.claims())) scope.start("claim", () -> usages.measure(due));
        });
    }

    /// How full what is behind a pod's claims is.
    public List<ClaimUsage> claims(String uid) {
        return usages.of(uid);
    }

    @Override
    public void prepare(Pod pod, String podAddress) {
        try {
            volumes(pod, podAddress);
            if (!pod.spec().hostNetwork()) HostsFile.writeIfMissing(directories.hosts(pod.uid()));
            Files.createDirectories(logDirectory(pod));
            for (var spec : pod.spec().initContainers())
                Files.createDirectories(logDirectory(pod).resolve(spec.name()));
            for (var spec : pod.spec().containers())
                Files.createDirectories(logDirectory(pod).resolve(spec.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void refresh(Pod pod, String podAddress) {
        if (!Files.exists(directories.pod(pod.uid()))) return;
        try {
            volumes(pod, podAddress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Duration> refreshInterval(Pod pod) {
        return Optional.of(pod.spec().volumes().stream().anyMatch(EmptyDirs::limitedOnDisk) ? MEASURE : REFRESH);
    }

    @Override
    public Optional<String> tooLarge(Pod pod) {
        return pod.spec().volumes().stream()
                .filter(EmptyDirs::limitedOnDisk)
                .filter(volume -> EmptyDirs.used(directories.volume(pod.uid(), volume))
                        > volume.emptyDir().sizeLimit().units())
                .map(volume -> "Usage of EmptyDir volume \"" + volume.name() + "\" exceeds the limit \""
                        + volume.emptyDir().sizeLimit() + "\". ")
                .findFirst();
    }

    private void volumes(Pod pod, String podAddress) throws IOException {
        var found = references.read(pod.namespace(), References.ofVolumes(pod));
        var environment = new Environment(pod, config.nodeAddress(), podAddress, allocatable, found);
        var files = new VolumeFiles(pod, environment, tokens.of(pod));
        for (var volume : pod.spec().volumes()) {
            long since = metrics.now();
            boolean failed = true;
            try {
                if (ClaimedVolumes.has(pod, volume)) claimed.prepare(pod, volume);
                else ownVolume(pod, volume, files);
                failed = false;
            } finally {
                metrics.mounted(VolumePlugin.name(volume), failed, since);
            }
        }
    }

    private void ownVolume(Pod pod, Volume volume, VolumeFiles files) {
        try {
            volume(pod, volume, files);
        } catch (UnresolvedException | IOException e) {
            throw VolumeFailures.failed(VolumeFailures.SET_UP, volume.name(), String.valueOf(e.getMessage()));
        }
    }

    private void volume(Pod pod, Volume volume, VolumeFiles files) throws IOException {
        // A container that has it brings it onto the node first.
        if (volume.hasImage()) return;
        var directory = directories.volume(pod.uid(), volume);
        if (volume.hasEmptyDir()) {
            emptyDir(directory, volume.emptyDir(), pod);
        } else if (volume.hasHostPath()) {
            calls.run(pod.uid(), () -> HostPaths.prepare(volume.hostPath()));
        } else {
            var contents = files.of(volume);
            if (!volume.hasConfigMap() && unused(directory)) inMemory(directory, allocatableMemory(), 0755);
            AtomicDirectory.write(directory, contents, FileOwner.of(pod));
        }
    }

    private void emptyDir(Path directory, EmptyDirVolumeSource source, Pod pod) throws IOException {
        boolean memory = source.medium().equals("Memory");
        if (memory ? MountTable.isMountPoint(directory) : Files.exists(directory)) return;
        Files.createDirectories(directory);
        if (memory) inMemory(directory, EmptyDirs.memory(pod, source, allocatableMemory()), 0777);
        FileOwner.of(pod).ownShared(directory);
    }

    private static boolean unused(Path directory) throws IOException {
        if (!Files.exists(directory)) return true;
        try (var list = Files.list(directory)) {
            return list.findAny().isEmpty() && !MountTable.isMountPoint(directory);
        }
    }

    /// What is secret, or wanted fast, does not come to lie on the disk.
    private static void inMemory(Path directory, long bytes, int mode) throws IOException {
        Files.createDirectories(directory);
        MountTable.memory(directory, (bytes > 0 ? "size=" + bytes + "," : "") + "mode=" + Integer.toOctalString(mode));
    }

    private long allocatableMemory() {
        return allocatable.getOrDefault("memory", Quantity.ZERO).units();
    }

    @Override
    public void writeHosts(Pod pod, String podAddress) {
        if (pod.spec().hostNetwork() || podAddress.isEmpty()) return;
        try {
            HostsFile.write(directories.hosts(pod.uid()), HostsFile.text(pod, podAddress, config.clusterDomain()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void showImage(Pod pod, Volume volume, String image) {
        images.show(pod, volume, image);
    }

    @Override
    public List<Mount> mounts(Pod pod, Container spec, int attempt, Map<String, String> environment) {
        try {
            return new Mounts(directories, pod, volume -> path(pod, volume), calls).of(spec, attempt, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Device> devices(Pod pod, Container spec) {
        return spec.volumeDevices().stream()
                .map(device -> {
                    var volume = pod.spec().volumes().stream()
                            .filter(each -> each.name().equals(device.name()))
                            .findFirst()
                            .orElseThrow(() -> new UnresolvedException("cannot find volume \"" + device.name()
                                    + "\" to pass into container \"" + spec.name() + "\""));
                    boolean readOnly = volume.persistentVolumeClaim().readOnly();
                    return new Device(device.devicePath(), path(pod, volume).toString(), readOnly ? "r" : "mrw");
                })
                .toList();
    }

    private Path path(Pod pod, Volume volume) {
        return ClaimedVolumes.has(pod, volume) ? claimed.path(pod, volume) : directories.volume(pod.uid(), volume);
    }

    @Override
    public String terminationMessage(Pod pod, Container spec, RuntimeState.Container ended) {
        try {
            var text = lastWords(directories.terminationLog(pod.uid(), ended.name(), ended.attempt()));
            boolean fallBack = text.isEmpty()
                    && spec.terminationMessagePolicy() == TerminationMessagePolicy.FALLBACK_TO_LOGS_ON_ERROR
                    && ended.exitCode() != 0;
            return fallBack ? lastLines(pod, ended) : text;
        } catch (IOException e) {
            return "";
        }
    }

    /// The file is the container's: it may have made it as large as the disk.
    static String lastWords(Path file) throws IOException {
        if (!Files.exists(file)) return "";
        try (var handle = Handle.file(file)) {
            return new String(handle.tail(LONGEST_MESSAGE), StandardCharsets.UTF_8);
        }
    }

    private String lastLines(Pod pod, RuntimeState.Container ended) throws IOException {
        var out = new LastBytes(LONGEST_FROM_LOG);
        try {
            var log = ContainerLogs.file(config, pod, ended.name(), ended.attempt());
            ContainerLogs.copy(log, LAST_LINES, out, () -> false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return out.text();
    }

    private Path logDirectory(Pod pod) {
        return Path.of(ContainerConfigs.logDirectory(config, pod));
    }

    @Override
    public void remove(Pod pod) {
        removeVolumes(pod.uid());
        try {
            PodDirectories.delete(logDirectory(pod));
        } catch (IOException e) {
            LOG.debug("{}: {}", pod.key(), e.getMessage());
        }
    }

    @Override
    public void releaseVolumes(String uid) {
        try {
            claimed.release(uid);
            var directory = directories.pod(uid);
            if (!holdsVolumes(uid)) return;
            MountTable.clear(directory, calls);
            images.release(uid);
            PodDirectories.delete(directory.resolve(VOLUMES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean holdsVolumes(String uid) {
        return Files.exists(directories.pod(uid).resolve(VOLUMES));
    }

    @Override
    public Set<String> pods() {
        try {
            return directories.uids();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void removeVolumes(String uid) {
        tokens.forget(uid);
        var directory = directories.pod(uid);
        if (!Files.exists(directory)) return;
        try {
            claimed.release(uid);
            MountTable.clear(directory, calls);
            images.release(uid);
            PodDirectories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
