package io.navarch.agent.decide;

import io.navarch.csi.CsiNode;
import io.navarch.csi.CsiNode.Capability;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.volumeattachment.DriverVolume;
import io.navarch.model.AccessMode;
import io.navarch.model.CSIDriver;
import io.navarch.model.FsGroupPolicy;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Pod;
import io.navarch.model.SecretReference;
import io.navarch.model.Volume;
import io.navarch.model.VolumeLifecycleMode;
import io.navarch.model.VolumeMode;
import io.navarch.objects.Sha256;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// A volume of a storage driver as one pod uses it, and what follows from that for the driver's calls.
///
/// Source: https://kubernetes-csi.github.io/docs/
///
/// @param name the persistent volume's, or the pod's own name for it
/// @param ephemeral whether it is the pod's alone, made and gone with it
/// @param modes access modes, none when the pod says what it is
public record CsiVolume(
        String name,
        String driver,
        String handle,
        boolean ephemeral,
        boolean block,
        boolean readOnly,
        String fsType,
        Map<String, String> attributes,
        List<AccessMode> modes,
        List<String> mountOptions,
        Secrets secrets) {
    /// The name of its directories among those of a pod.
    public static final String PLUGIN = "kubernetes.io~csi";

    /// Where the driver's credentials are, each absent when it needs none.
    public record Secrets(SecretReference stage, SecretReference publish, SecretReference expand) {}

    static CsiVolume of(PersistentVolume persistent, boolean readOnly) {
        var spec = persistent.spec();
        var csi = spec.csi();
        return new CsiVolume(
                persistent.name(),
                csi.driver(),
                csi.volumeHandle(),
                false,
                PersistentVolumes.mode(persistent) == VolumeMode.BLOCK,
                readOnly,
                csi.fsType(),
                csi.volumeAttributes(),
                spec.accessModes(),
                spec.mountOptions(),
                new Secrets(csi.nodeStageSecretRef(), csi.nodePublishSecretRef(), csi.nodeExpandSecretRef()));
    }

    /// One that a pod names itself.
    public static CsiVolume of(Pod pod, Volume volume) {
        var csi = volume.csi();
        var secret = csi.hasNodePublishSecretRef()
                ? SecretReference.builder()
                        .namespace(pod.namespace())
                        .name(csi.nodePublishSecretRef().name())
                        .build()
                : SecretReference.ABSENT;
        return new CsiVolume(
                volume.name(),
                csi.driver(),
                "csi-" + Sha256.hex(pod.uid() + volume.name()),
                true,
                false,
                csi.readOnly(),
                csi.fsType(),
                csi.volumeAttributes(),
                List.of(),
                List.of(),
                new Secrets(SecretReference.ABSENT, secret, SecretReference.ABSENT));
    }

    /// Its name in the node's `volumesInUse` and `volumesAttached`.
    public String uniqueName() {
        return new DriverVolume(driver, handle).uniqueName();
    }

    /// The name of the VolumeAttachment that it must have on a node.
    public String attachment(String node) {
        return new DriverVolume(driver, handle).attachmentName(node);
    }

    /// Whether a controller attaches it before the node may touch it.
    ///
    /// @param declared what the driver declares, absent when it declares nothing
    public boolean attachable(CSIDriver declared) {
        return !ephemeral && declared.spec().attachRequiredOr(true);
    }

    /// Why the driver does not make such volumes, in words for an Event; empty when it does.
    public Optional<String> unsupported(CSIDriver declared) {
        var wanted = ephemeral ? VolumeLifecycleMode.EPHEMERAL : VolumeLifecycleMode.PERSISTENT;
        if (!declared.exists())
            return ephemeral
                    ? Optional.of("volume mode \"" + wanted + "\" not supported by driver " + driver
                            + " (no CSIDriver object)")
                    : Optional.empty();
        var modes = declared.spec().volumeLifecycleModes();
        boolean supported = modes.isEmpty() ? !ephemeral : modes.contains(wanted);
        if (supported) return Optional.empty();
        var only = modes.stream().map(mode -> '"' + mode.text() + '"').collect(Collectors.joining(" ", "[", "]"));
        return Optional.of(
                "volume mode \"" + wanted + "\" not supported by driver " + driver + " (only supports " + only + ")");
    }

    /// How the driver is told that it is used.
    ///
    /// @param group the pod's `fsGroup`
    public CsiNode.Use use(Set<Capability> capabilities, OptionalLong group) {
        boolean delegated = capabilities.contains(Capability.VOLUME_MOUNT_GROUP) && group.isPresent();
        return new CsiNode.Use(
                mode(capabilities.contains(Capability.SINGLE_NODE_MULTI_WRITER)),
                block,
                fsType,
                mountOptions,
                delegated ? String.valueOf(group.getAsLong()) : "");
    }

    private CsiNode.AccessMode mode(boolean several) {
        var first = modes.isEmpty() ? AccessMode.READ_WRITE_ONCE : modes.getFirst();
        return switch (first) {
            case READ_WRITE_ONCE ->
                several ? CsiNode.AccessMode.SINGLE_NODE_MULTI_WRITER : CsiNode.AccessMode.SINGLE_NODE_WRITER;
            case READ_WRITE_ONCE_POD ->
                several ? CsiNode.AccessMode.SINGLE_NODE_SINGLE_WRITER : CsiNode.AccessMode.SINGLE_NODE_WRITER;
            case READ_ONLY_MANY -> CsiNode.AccessMode.MULTI_NODE_READER_ONLY;
            case READ_WRITE_MANY -> CsiNode.AccessMode.MULTI_NODE_MULTI_WRITER;
            default -> CsiNode.AccessMode.UNKNOWN;
        };
    }

    /// Whether the node gives its files to the pod's `fsGroup`.
    public boolean owned(CSIDriver declared, Set<Capability> capabilities, OptionalLong group) {
        if (group.isEmpty() || readOnly || block || capabilities.contains(Capability.VOLUME_MOUNT_GROUP)) return false;
        var policy = declared.spec().fsGroupPolicy();
        if (policy == FsGroupPolicy.NONE) return false;
        if (policy == FsGroupPolicy.FILE) return true;
        return !fsType.isEmpty()
                && (ephemeral
                        || modes.contains(AccessMode.READ_WRITE_ONCE)
                        || modes.contains(AccessMode.READ_WRITE_ONCE_POD));
    }

    /// The volume's attributes with what the driver wants to know of the pod.
    public Map<String, String> context(Pod pod, CSIDriver declared) {
        if (!declared.spec().podInfoOnMount()) return attributes;
        var context = new HashMap<>(attributes);
        context.put("csi.storage.k8s.io/pod.name", pod.name());
        context.put("csi.storage.k8s.io/pod.namespace", pod.namespace());
        context.put("csi.storage.k8s.io/pod.uid", pod.uid());
        context.put("csi.storage.k8s.io/serviceAccount.name", pod.spec().serviceAccountName());
        context.put("csi.storage.k8s.io/ephemeral", String.valueOf(ephemeral));
        return context;
    }
}
