package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.decide.VolumeFailures;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.LongWork;
import io.navarch.agent.linux.MountTable;
import io.navarch.agent.volumes.VolumeData.Progress;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.model.CSIDriver;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Has storage drivers show their volumes to pods: waits until a volume is attached, has it staged for the node and
/// published for the pod, and the reverse. What has been done stands on the disk ([VolumeData]), so that the next agent
/// goes on with it. Calls for one volume follow each other; a driver that hangs holds up only those who want that
/// volume.
final class CsiMounts {
    private static final String NO_CLIENT = "kubernetes.io/csi: ";

    /// Longer than the driver's calls that somebody else may be waiting for.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final CsiDirectories directories;
    private final CsiDrivers drivers;
    private final CsiObjects objects;
    private final AttachWait attachments;
    private final String node;
    private final KeyedLocks locks;
    private final Set<String> staged;
    private final BoundedCalls calls;
    private final LongWork work;

    CsiMounts(CsiParts parts) {
        directories = parts.directories();
        drivers = parts.drivers();
        objects = parts.objects();
        attachments = parts.attachments();
        node = parts.node();
        locks = parts.locks();
        staged = parts.staged();
        calls = parts.calls();
        work = parts.work();
    }

    /// What a pod wants of one.
    ///
    /// @param group its `fsGroup`
    record Request(Pod pod, CsiVolume volume, OptionalLong group, boolean groupOnMismatch) {}

    /// What a pod has.
    ///
    /// @param again whether the driver wants to be called again from time to time
    record Shown(Path path, boolean again) {}

    /// Shows a volume to a pod, unless that has been done.
    ///
    /// @throws UnresolvedException why it cannot be done now
    Shown mount(Request request) {
        var volume = request.volume;
        var declared = objects.driver(volume.driver());
        var place = directories.place(request.pod.uid(), volume.name());
        var target = directories.target(request.pod.uid(), volume);
        var shown = new Shown(target, declared.spec().requiresRepublish());
        try {
            var known = VolumeData.read(place);
            // Whoever makes the pod chooses the names of its own volumes.
            if (known.isPresent() && !known.get().uniqueName().equals(volume.uniqueName()))
                throw failed(publishStep(volume), volume, "the pod has another volume of this name");
            // After a start of the machine a file is left where a device was.
            if (known.isPresent()
                    && known.get().progress() == Progress.DONE
                    && (volume.block() ? HostPaths.isBlockDevice(target) : MountTable.isMountPoint(target)))
                return shown;
            var why = volume.unsupported(declared);
            if (why.isPresent())
                throw failed(
                        publishStep(volume),
                        volume,
                        "kubernetes.io/csi: mounter.SetupAt failed to check volume lifecycle mode: " + why.get());
            var data = VolumeData.of(volume, node, volume.attachable(declared), target.toString(), "");
            // As soon as it is there, nobody takes away what others have of the volume.
            if (known.isEmpty()) data.write(place);
            var context =
                    volume.attachable(declared) ? attachments.await(request.pod, volume) : Map.<String, String>of();
            publish(request, declared, known.orElse(data), context);
            return shown;
        } catch (IOException e) {
            throw failed(publishStep(volume), volume, String.valueOf(e.getMessage()));
        }
    }

    /// Calls a driver again that wants to renew what it has shown.
    void again(Request request) {
        var volume = request.volume;
        var place = directories.place(request.pod.uid(), volume.name());
        try {
            var known = VolumeData.read(place);
            if (known.isEmpty()) return;
            var declared = objects.driver(volume.driver());
            var context = volume.attachable(declared)
                    ? objects.attached(volume).status().attachmentMetadata()
                    : Map.<String, String>of();
            var calls = client(volume, publishStep(volume), "mounter.SetUpAt failed to get CSI client: ");
            var capabilities = capabilities(calls, volume);
            calls.publish(call(request, declared, known.get(), context, capabilities));
        } catch (CsiFailure | IOException e) {
            throw failed(publishStep(volume), volume, String.valueOf(e.getMessage()));
        }
    }

    private static String stageStep(CsiVolume volume) {
        if (volume.ephemeral()) return VolumeFailures.SET_UP;
        return volume.block() ? "MapVolume.SetUpDevice failed" : "MountVolume.MountDevice failed";
    }

    private static String publishStep(CsiVolume volume) {
        return volume.block() ? VolumeFailures.MAP : VolumeFailures.SET_UP;
    }

    private void publish(Request request, CSIDriver declared, VolumeData data, Map<String, String> context)
            throws IOException {
        var volume = request.volume;
        var held = locks.hold(volume.uniqueName(), PATIENCE);
        if (held.isEmpty())
            throw failed(
                    publishStep(volume),
                    volume,
                    "an operation with the given Volume ID " + volume.handle() + " already exists");
        try (var lock = held.get()) {
            var calls = client(
                    volume,
                    stageStep(volume),
                    volume.ephemeral()
                            ? "mounter.SetUpAt failed to get CSI client: "
                            : "attacher.MountDevice failed to create newCsiDriverClient: ");
            var capabilities = capabilities(calls, volume);
            boolean stages = !volume.ephemeral() && capabilities.contains(Capability.STAGE_UNSTAGE_VOLUME);
            var staging = stages ? stage(calls, request, capabilities, data, context) : "";
            publish(calls, request, declared, data.stagedAt(staging), context, capabilities);
        }
    }

    private CsiNode client(CsiVolume volume, String step, String what) {
        return drivers.find(volume.driver())
                .orElseThrow(() -> failed(step, volume, NO_CLIENT + what + CsiDrivers.missing(volume.driver())));
    }

    private static Set<Capability> capabilities(CsiNode calls, CsiVolume volume) {
        try {
            return calls.capabilities();
        } catch (CsiFailure e) {
            throw failed(stageStep(volume), volume, String.valueOf(e.getMessage()));
        }
    }

    private String stage(
            CsiNode calls, Request request, Set<Capability> capabilities, VolumeData data, Map<String, String> context)
            throws IOException {
        var volume = request.volume;
        var shared = directories.shared(volume.driver(), volume.handle());
        var path = directories.staging(volume);
        if (staged.contains(volume.uniqueName())) return path.toString();
        var secrets = secrets(() -> objects.secret(volume.secrets().stage()), stageStep(volume), volume);
        Files.createDirectories(path);
        var note = data.stagedAt(path.toString());
        var refused = note.with(afterRefusal(VolumeData.read(shared)));
        note.with(Progress.BEGUN).write(shared);
        try {
            calls.stage(new CsiNode.Stage(
                    volume.handle(),
                    path.toString(),
                    volume.use(capabilities, request.group),
                    context,
                    volume.attributes(),
                    secrets));
        } catch (CsiFailure e) {
            if (e.isFinal()) refused.write(shared);
            throw failed(stageStep(volume), volume, String.valueOf(e.getMessage()));
        }
        note.with(Progress.DONE).write(shared);
        staged.add(volume.uniqueName());
        return path.toString();
    }

    /// A driver that refuses has done nothing now; what it had done before is still there.
    private static Progress afterRefusal(Optional<VolumeData> before) {
        return before.map(VolumeData::progress).orElse(Progress.WANTED) == Progress.WANTED
                ? Progress.WANTED
                : Progress.BEGUN;
    }

    private interface Credentials {
        Map<String, String> read();
    }

    private static Map<String, String> secrets(Credentials credentials, String step, CsiVolume volume) {
        try {
            return credentials.read();
        } catch (UnresolvedException e) {
            throw failed(step, volume, String.valueOf(e.getMessage()));
        }
    }

    private void publish(
            CsiNode calls,
            Request request,
            CSIDriver declared,
            VolumeData data,
            Map<String, String> context,
            Set<Capability> capabilities)
            throws IOException {
        var volume = request.volume;
        var place = directories.place(request.pod.uid(), volume.name());
        var message = call(request, declared, data, context, capabilities);
        Files.createDirectories(Objects.requireNonNull(Path.of(data.target()).getParent(), "not the root"));
        var refused = data.with(afterRefusal(VolumeData.read(place)));
        data.with(Progress.BEGUN).write(place);
        try {
            calls.publish(message);
        } catch (CsiFailure e) {
            if (e.isFinal()) refused.write(place);
            throw failed(publishStep(volume), volume, String.valueOf(e.getMessage()));
        }
        if (volume.owned(declared, capabilities, request.group)) {
            var given = VolumeOwnership.of(request.group.orElseThrow(), request.groupOnMismatch);
            try {
                work.run(given.name(place), () -> {
                    try (var root = Handle.directory(Path.of(data.target()))) {
                        given.apply(root);
                    }
                });
            } catch (LongWork.UnderWayException e) {
                throw failed(publishStep(volume), volume, VolumeOwnership.UNDER_WAY);
            } catch (IOException e) {
                throw failed(
                        publishStep(volume),
                        volume,
                        "applyFSGroup failed for vol " + volume.handle() + ": " + e.getMessage());
            }
        }
        data.with(Progress.DONE).write(place);
    }

    private CsiNode.Publish call(
            Request request,
            CSIDriver declared,
            VolumeData data,
            Map<String, String> context,
            Set<Capability> capabilities) {
        var volume = request.volume;
        var attributes = new HashMap<>(volume.context(request.pod, declared));
        var secrets =
                new HashMap<>(secrets(() -> objects.secret(volume.secrets().publish()), publishStep(volume), volume));
        var tokens = objects.tokens(request.pod, declared);
        if (!tokens.isEmpty()) {
            var where = declared.spec().serviceAccountTokenInSecrets() ? secrets : attributes;
            where.put("csi.storage.k8s.io/serviceAccount.tokens", tokens);
        }
        return new CsiNode.Publish(
                volume.handle(),
                data.staging(),
                data.target(),
                volume.use(capabilities, request.group),
                volume.readOnly(),
                context,
                attributes,
                secrets);
    }

    private static UnresolvedException failed(String step, CsiVolume volume, String why) {
        return VolumeFailures.failed(step, volume.name(), why);
    }

    /// Takes all of a pod's volumes away. What cannot be taken away now keeps none of the others.
    void release(String uid) throws IOException {
        IOException first = null;
        for (var place : directories.places(uid)) {
            try {
                release(place);
            } catch (IOException e) {
                if (first == null) first = e;
            }
        }
        if (first != null) throw first;
    }

    private void release(Path place) throws IOException {
        var data = VolumeData.read(place);
        if (data.isPresent()) {
            var held = locks.hold(data.get().uniqueName(), PATIENCE);
            if (held.isEmpty()) throw new IOException("volume " + data.get().name() + ": an operation is under way");
            try (var lock = held.get()) {
                unpublish(data.get());
                remove(data.get(), place);
            }
        } else {
            MountTable.clear(place, calls);
            PodDirectories.delete(place);
        }
        attachments.changed();
    }

    private void unpublish(VolumeData data) throws IOException {
        if (data.progress() == Progress.WANTED) return;
        var driver = drivers.find(data.driver());
        if (driver.isEmpty())
            throw new IOException("UnmountVolume.TearDown failed for volume \"" + data.name() + "\" : " + NO_CLIENT
                    + "Unmounter.TearDownAt failed to get CSI client: " + CsiDrivers.missing(data.driver()));
        try {
            driver.get().unpublish(data.handle(), data.target());
        } catch (CsiFailure e) {
            throw new IOException(
                    "UnmountVolume.TearDown failed for volume \"" + data.name() + "\" : " + NO_CLIENT
                            + "Unmounter.TearDownAt failed: " + e.getMessage(),
                    e);
        }
    }

    /// Not every driver takes away what it should.
    private void remove(VolumeData data, Path place) throws IOException {
        MountTable.clear(place, calls);
        var target = directories.own(data.target());
        if (target.isPresent() && Files.exists(target.get(), LinkOption.NOFOLLOW_LINKS)) {
            MountTable.clear(target.get(), calls);
            PodDirectories.delete(target.get());
        }
        PodDirectories.delete(place);
    }
}
