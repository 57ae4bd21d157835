package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.ClaimedVolume.Source;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.LongWork;
import io.navarch.agent.linux.MountOptions;
import io.navarch.agent.linux.MountTable;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.HostPathVolumeSource;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Shows pods the volumes behind their claims, and those that drivers make for them alone, below the pods' own
/// directories. What is there after a restart is found
/// there; what each pod has been shown is only remembered so that the API is not asked again.
final class ClaimedVolumes {
    private static final String NO_MOUNTER = "MountVolume.NewMounter initialization failed";

    private final PodDirectories directories;
    private final ClaimReader reader;
    private final CsiMounts drivers;
    private final VolumeExpansions expansions;
    private final FileServers servers;
    private final BoundedCalls calls;
    private final LongWork work;
    /// By the pod's uid and the volume's name in it.
    private final Map<String, Map<String, Shown>> shown = new ConcurrentHashMap<>();
    /// Who comes first has a volume that only one may have.
    private final Object entrance = new Object();

    /// @param request what a driver was asked for, if it is a driver's
    /// @param again whether the driver wants to be asked again from time to time
    /// @param claim whose place it is, when its file system is its own
    private record Shown(Path path, Optional<CsiMounts.Request> request, boolean again, Optional<ObjectKey> claim) {
        private Shown(Path path) {
            this(path, Optional.empty(), false, Optional.empty());
        }

        private Shown of(ObjectKey name) {
            return new Shown(path, request, again, Optional.of(name));
        }
    }

    ClaimedVolumes(
            PodDirectories directories,
            ClaimReader reader,
            CsiMounts drivers,
            VolumeExpansions expansions,
            FileServers servers,
            LongWork work) {
        this.servers = servers;
        calls = servers.calls();
        this.work = work;
        this.directories = directories;
        this.reader = reader;
        this.drivers = drivers;
        this.expansions = expansions;
    }

    /// Whether the pod's volume is one of these.
    static boolean has(Pod pod, Volume volume) {
        return volume.hasCsi()
                || volume.hasNfs()
                || !PodVolumes.claimName(pod, volume).isEmpty();
    }

    /// Shows it to the pod unless that has been done.
    ///
    /// @throws UnresolvedException why it cannot be done now
    void prepare(Pod pod, Volume volume) {
        var known = shown.getOrDefault(pod.uid(), Map.of());
        boolean used = PodVolumes.mounted(pod).contains(volume.name())
                || PodVolumes.devices(pod).contains(volume.name());
        if (!used) return;
        var before = known.get(volume.name());
        if (before != null) {
            before.request.ifPresent(request -> follow(pod, volume, request, before.again));
            return;
        }
        boolean own = volume.hasCsi() || volume.hasNfs();
        var seen = own ? Optional.<ClaimedVolume.Seen>empty() : Optional.of(reader.read(pod, volume));
        var wanted = seen.map(each -> ClaimedVolume.of(pod, volume, each)).orElseGet(() -> unclaimed(pod, volume));
        var place = show(pod, wanted);
        boolean measured =
                !volume.hasCsi() && (wanted.source() instanceof Source.Local || wanted.source() instanceof Source.Csi);
        if (measured) place = place.of(new ObjectKey(pod.namespace(), PodVolumes.claimName(pod, volume)));
        var all = new HashMap<>(known);
        all.put(volume.name(), place);
        shown.put(pod.uid(), Map.copyOf(all));
        if (seen.isPresent())
            place.request().ifPresent(request -> expansions.follow(pod, request.volume(), seen.get()));
    }

    private static ClaimedVolume unclaimed(Pod pod, Volume volume) {
        return volume.hasNfs() ? ClaimedVolume.ofServer(pod, volume) : ClaimedVolume.ofDriver(pod, volume);
    }

    /// What a driver shows may be renewed, or have become larger.
    private void follow(Pod pod, Volume volume, CsiMounts.Request request, boolean again) {
        if (again) drivers.again(request);
        if (!volume.hasCsi()) expansions.follow(pod, request.volume(), reader.read(pod, volume));
    }

    /// All claims that pods have been shown.
    List<ClaimUsages.Shown> claims() {
        var found = new ArrayList<ClaimUsages.Shown>();
        shown.forEach((uid, volumes) -> volumes.forEach((volume, place) -> place.claim.ifPresent(claim -> found.add(
                new ClaimUsages.Shown(uid, volume, claim, place.path, place.request.map(CsiMounts.Request::volume))))));
        return found;
    }

    /// Where the node has what the pod has been shown.
    ///
    /// @throws UnresolvedException when it has not been shown
    Path path(Pod pod, Volume volume) {
        var known = shown.getOrDefault(pod.uid(), Map.of()).get(volume.name());
        if (known == null)
            throw new UnresolvedException("volume \"" + volume.name() + "\" has not been mounted for the pod");
        return known.path;
    }

    private Shown show(Pod pod, ClaimedVolume wanted) {
        var place = directories.claimed(pod.uid(), wanted.source().plugin(), wanted.name());
        try {
            boolean shared = enter(place, pod.uid(), wanted);
            return switch (wanted.source()) {
                case Source.OfHost host -> new Shown(calls.call(pod.uid(), () -> ofHost(host.path(), wanted)));
                case Source.Local local -> {
                    work.run("local " + place, () -> local(local.path(), place, wanted, shared));
                    yield new Shown(place);
                }
                case Source.Nfs nfs -> {
                    servers.mount(nfs, place, wanted.mountOptions(), wanted.readOnly());
                    yield new Shown(place);
                }
                case Source.LocalDevice device -> new Shown(calls.call(pod.uid(), () -> device(device.path(), wanted)));
                case Source.Csi csi -> {
                    var request = new CsiMounts.Request(pod, csi.volume(), wanted.group(), wanted.groupOnMismatch());
                    var mounted = drivers.mount(request);
                    yield new Shown(mounted.path(), Optional.of(request), mounted.again(), Optional.empty());
                }
            };
        } catch (LongWork.UnderWayException e) {
            throw VolumeFailures.failed(
                    VolumeFailures.SET_UP,
                    wanted.name(),
                    wanted.group().isPresent() ? VolumeOwnership.UNDER_WAY : String.valueOf(e.getMessage()));
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
            // Who looks at what a server shows waits for the server, and everybody else for him.
            if (!MountTable.isMountPoint(place)) Files.createDirectories(place);
            return shared;
        }
    }

    private boolean usedByOthers(ClaimedVolume wanted, String uid) throws IOException {
        for (var other : directories.uids()) {
            var place = directories.claimed(other, wanted.source().plugin(), wanted.name());
            if (!other.equals(uid) && isThere(place) && !isAnother(place, wanted)) return true;
        }
        return false;
    }

    /// Without a look at the place itself, which a server may show.
    private static boolean isThere(Path place) throws IOException {
        try (var list = Files.list(Objects.requireNonNull(place.getParent(), "below a pod's directory"))) {
            return list.anyMatch(place::equals);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// Pods name volumes of their own as they like, also as somebody's volume is named.
    private static boolean isAnother(Path place, ClaimedVolume wanted) throws IOException {
        if (!(wanted.source() instanceof Source.Csi csi)) return false;
        return VolumeData.read(place)
                .filter(data -> !data.uniqueName().equals(csi.volume().uniqueName()))
                .isPresent();
    }

    private static Path device(String path, ClaimedVolume wanted) throws IOException {
        if (!HostPaths.isBlockDevice(Path.of(path)))
            throw VolumeFailures.failed(VolumeFailures.MAP, wanted.name(), path + " is not a block device");
        return Path.of(path).toRealPath();
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
        var parts = directories.subPaths(uid);
        var claimed = directories.claimed(uid);
        if (!claimed.isEmpty() && Files.exists(parts)) MountTable.clear(parts, calls);
        for (var each : claimed) {
            if (each.endsWith(CsiVolume.PLUGIN)) continue;
            work.forget("local " + each);
            MountTable.clear(each, calls);
            PodDirectories.delete(each);
        }
        // Who else is asked may not answer.
        drivers.release(uid);
        for (var each : claimed) PodDirectories.delete(each);
    }
}
