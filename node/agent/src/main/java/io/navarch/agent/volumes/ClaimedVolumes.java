package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.ClaimedVolume.Source;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.MountOptions;
import io.navarch.agent.linux.MountTable;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.HostPathVolumeSource;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Shows pods the volumes behind their claims, below the pods' own directories. What is there after a restart is found
/// there; what each pod has been shown is only remembered so that the API is not asked again.
final class ClaimedVolumes {
    private static final String NO_MOUNTER = "MountVolume.NewMounter initialization failed";

    private final PodDirectories directories;
    private final ClaimReader reader;
    /// By the pod's uid and the volume's name in it.
    private final Map<String, Map<String, Path>> shown = new ConcurrentHashMap<>();
    /// Who comes first has a volume that only one may have.
    private final Object entrance = new Object();

    ClaimedVolumes(PodDirectories directories, ClaimReader reader) {
        this.directories = directories;
        this.reader = reader;
    }

    /// Whether the pod's volume is one of these.
    static boolean has(Pod pod, Volume volume) {
        return !PodVolumes.claimName(pod, volume).isEmpty();
    }

    /// Shows it to the pod unless that has been done.
    ///
    /// @throws UnresolvedException why it cannot be done now
    void prepare(Pod pod, Volume volume) {
        var known = shown.getOrDefault(pod.uid(), Map.of());
        boolean used = PodVolumes.mounted(pod).contains(volume.name())
                || PodVolumes.devices(pod).contains(volume.name());
        if (!used || known.containsKey(volume.name())) return;
        var wanted = ClaimedVolume.of(pod, volume, reader.read(pod, volume));
        var place = show(pod, wanted);
        var all = new HashMap<>(known);
        all.put(volume.name(), place);
        shown.put(pod.uid(), Map.copyOf(all));
    }

    /// Where the node has what the pod has been shown.
    ///
    /// @throws UnresolvedException when it has not been shown
    Path path(Pod pod, Volume volume) {
        var path = shown.getOrDefault(pod.uid(), Map.of()).get(volume.name());
        if (path == null)
            throw new UnresolvedException("volume \"" + volume.name() + "\" has not been mounted for the pod");
        return path;
    }

    private Path show(Pod pod, ClaimedVolume wanted) {
        var place = directories.claimed(pod.uid(), wanted.source().plugin(), wanted.name());
        try {
            boolean shared = enter(place, pod.uid(), wanted);
            return switch (wanted.source()) {
                case Source.OfHost host -> ofHost(host.path(), wanted);
                case Source.Local local -> {
                    local(local.path(), place, wanted, shared);
                    yield place;
                }
            };
        } catch (IOException e) {
            throw VolumeFailures.failed(VolumeFailures.SET_UP, wanted.name(), String.valueOf(e.getMessage()));
        }
    }

    private static Path ofHost(HostPathVolumeSource path, ClaimedVolume wanted) throws IOException {
        try {
            HostPaths.prepare(path);
            return Path.of(path.path());
        } catch (UnresolvedException e) {
            throw VolumeFailures.failed(VolumeFailures.SET_UP, wanted.name(), String.valueOf(e.getMessage()));
        }
    }

    /// Says on the disk that this pod has the volume, and returns whether others have it.
    private boolean enter(Path place, String uid, ClaimedVolume wanted) throws IOException {
        synchronized (entrance) {
            boolean shared = usedByOthers(wanted, uid);
            if (shared && wanted.exclusive())
                throw VolumeFailures.failed(
                        VolumeFailures.SET_UP,
                        wanted.name(),
                        "volume uses the ReadWriteOncePod access mode and is already in use by another pod");
            Files.createDirectories(place);
            return shared;
        }
    }

    private boolean usedByOthers(ClaimedVolume wanted, String uid) throws IOException {
        for (var other : directories.uids()) {
            if (!other.equals(uid)
                    && Files.exists(
                            directories.claimed(other, wanted.source().plugin(), wanted.name()),
                            LinkOption.NOFOLLOW_LINKS)) return true;
        }
        return false;
    }

    private static void local(String path, Path place, ClaimedVolume wanted, boolean shared) throws IOException {
        if (MountTable.isMountPoint(place)) return;
        if (Arrays.asList(path.split("/")).contains(".."))
            throw VolumeFailures.failed(
                    VolumeFailures.SET_UP, wanted.name(), "invalid path: " + path + " must not contain '..'");
        var options = MountOptions.parse(wanted.mountOptions())
                .orElseThrow(() -> VolumeFailures.failed(
                        VolumeFailures.SET_UP,
                        wanted.name(),
                        "mount options " + wanted.mountOptions() + " are not all known to this node"));
        try (var directory = open(path, wanted)) {
            if (!wanted.readOnly() && !shared && wanted.group().isPresent())
                VolumeOwnership.of(wanted.group().getAsLong(), wanted.groupOnMismatch())
                        .apply(directory);
            directory.bindTo(place);
        }
        try {
            MountTable.restrict(place, wanted.readOnly() ? options.readOnly() : options);
        } catch (IOException e) {
            MountTable.unmount(place);
            throw e;
        }
    }

    private static Handle open(String path, ClaimedVolume wanted) throws IOException {
        if (Files.exists(Path.of(path)) && !Files.isDirectory(Path.of(path)))
            throw VolumeFailures.failed(NO_MOUNTER, wanted.name(), "only directories are supported");
        try {
            return Handle.directory(Path.of(path));
        } catch (NoSuchFileException e) {
            throw VolumeFailures.failed(NO_MOUNTER, wanted.name(), "path \"" + path + "\" does not exist");
        }
    }

    /// Takes away what a pod was shown that does not run any more, or goes. Its own files stay.
    void release(String uid) throws IOException {
        shown.remove(uid);
        for (var claimed : directories.claimed(uid)) {
            var parts = directories.subPaths(uid);
            if (Files.exists(parts)) MountTable.clear(parts);
            MountTable.clear(claimed);
            PodDirectories.delete(claimed);
        }
    }
}
