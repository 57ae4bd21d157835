package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.decide.CsiVolume;
import io.navarch.agent.decide.VolumeExpansion;
import io.navarch.csi.CsiFailure;
import io.navarch.csi.CsiFailure.Code;
import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.model.EventType;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/// Has drivers make larger, on this node, what has become larger where it comes from. Pods use it meanwhile.
final class VolumeExpansions {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /// There is no use in asking again.
    private static final Set<Code> INFEASIBLE = Set.of(Code.INVALID_ARGUMENT, Code.OUT_OF_RANGE, Code.NOT_FOUND);

    private final CsiParts parts;

    VolumeExpansions(CsiParts parts) {
        this.parts = parts;
    }

    /// Looks at a volume that a pod has been shown.
    void follow(Pod pod, CsiVolume volume, ClaimedVolume.Seen seen) {
        var expansion = new VolumeExpansion(seen.claim(), seen.persistent());
        var wanted = expansion.wanted();
        if (wanted.isEmpty()) return;
        var driver = parts.drivers().find(volume.driver());
        // It comes back, or the pod goes.
        if (driver.isEmpty()) return;
        if (volume.readOnly()) {
            tell(
                    pod,
                    seen.claim(),
                    EventType.WARNING,
                    "FileSystemResizeFailed",
                    "MountVolume.NodeExpandVolume failed for volume \"" + volume.name()
                            + "\" requested read-only file system");
            return;
        }
        var held = parts.locks().hold(volume.uniqueName(), PATIENCE);
        if (held.isEmpty()) return;
        try (var lock = held.get()) {
            expand(pod, volume, expansion, driver.get(), wanted.get());
        } catch (IOException e) {
            parts.objects()
                    .event(
                            pod,
                            EventType.WARNING,
                            "VolumeResizeFailed",
                            "NodeExpandVolume.NodeExpandVolume failed for volume \"" + volume.name() + "\" : "
                                    + e.getMessage());
        }
    }

    private void expand(Pod pod, CsiVolume volume, VolumeExpansion expansion, CsiNode driver, Quantity size)
            throws IOException {
        var data = VolumeData.read(parts.directories().place(pod.uid(), volume.name()));
        if (data.isEmpty()) return;
        var claim = parts.objects().status(expansion.claim(), expansion.begun());
        try {
            var capabilities = driver.capabilities();
            if (!capabilities.contains(Capability.EXPAND_VOLUME))
                throw new IOException("NodeExpand is not supported by the CSI driver " + volume.driver());
            driver.expand(new CsiNode.Expand(
                    volume.handle(),
                    data.get().target(),
                    data.get().staging(),
                    volume.use(capabilities, OptionalLong.empty()),
                    size.units(),
                    parts.objects().secret(volume.secrets().expand())));
        } catch (CsiFailure e) {
            var why = "Expander.NodeExpand failed to expand the volume : " + e.getMessage();
            if (e.isFinal()) {
                var failed = VolumeExpansion.failed(
                        claim,
                        why,
                        INFEASIBLE.contains(e.code()),
                        parts.objects().now());
                claim = parts.objects().status(claim, failed);
            }
            throw new IOException(why, e);
        }
        claim = parts.objects().status(claim, VolumeExpansion.done(claim, size));
        tell(
                pod,
                claim,
                EventType.NORMAL,
                "FileSystemResizeSuccessful",
                "MountVolume.NodeExpandVolume succeeded for volume \"" + volume.name() + "\" " + parts.node());
    }

    private void tell(Pod pod, PersistentVolumeClaim claim, EventType type, String reason, String message) {
        parts.objects().event(pod, type, reason, message);
        parts.objects().event(claim, type, reason, message);
    }
}
