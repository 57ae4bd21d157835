package io.navarch.agent.decide;

import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.model.FsGroupChangePolicy;
import io.navarch.model.HostPathVolumeSource;
import io.navarch.model.NFSVolumeSource;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.model.VolumeMode;
import io.navarch.objects.ObjectKey;
import java.util.List;
import java.util.OptionalLong;

/// What stands behind the claim of one of a pod's volumes, or a driver or server has for it without one, and how this
/// node shows it to the pod: a function of what the API says. A kind of source that is to be supported is one more
/// [Source].
///
/// @param name the persistent volume's
/// @param exclusive whether one pod at a time may use it
/// @param group to whom its files shall belong
/// @param groupOnMismatch whether files are looked at only when the volume's root is another group's
public record ClaimedVolume(
        String name,
        Source source,
        boolean readOnly,
        boolean exclusive,
        List<String> mountOptions,
        OptionalLong group,
        boolean groupOnMismatch) {
    private static final String PROTECTION = "kubernetes.io/pvc-protection";

    /// Where it lies.
    public sealed interface Source {
        /// All that there may be.
        List<String> PLUGINS = List.of(OfHost.PLUGIN, Local.PLUGIN, Csi.PLUGIN, Nfs.PLUGIN);

        /// The name of its directory among those of a pod's volumes.
        String plugin();

        /// A file or directory of the node, shown as it is, with what is mounted below it.
        record OfHost(HostPathVolumeSource path) implements Source {
            static final String PLUGIN = "kubernetes.io~host-path";

            @Override
            public String plugin() {
                return PLUGIN;
            }
        }

        /// What a storage driver shows.
        record Csi(CsiVolume volume) implements Source {
            static final String PLUGIN = CsiVolume.PLUGIN;

            @Override
            public String plugin() {
                return PLUGIN;
            }
        }

        /// A directory of a file server, which belongs to whom the server says.
        record Nfs(String server, String path) implements Source {
            static final String PLUGIN = "kubernetes.io~nfs";

            static Nfs of(NFSVolumeSource source) {
                var server = source.server();
                return new Nfs(server.contains(":") ? "[" + server + "]" : server, source.path());
            }

            @Override
            public String plugin() {
                return PLUGIN;
            }
        }

        /// A directory of one node.
        record Local(String path) implements Source {
            static final String PLUGIN = "kubernetes.io~local-volume";

            @Override
            public String plugin() {
                return PLUGIN;
            }
        }

        /// A device of one node, without a file system.
        record LocalDevice(String path) implements Source {
            @Override
            public String plugin() {
                return Local.PLUGIN;
            }
        }
    }

    /// What the API says.
    ///
    /// @param claim absent when there is none
    /// @param persistent the volume that it names, absent when there is none
    /// @param node this node
    public record Seen(PersistentVolumeClaim claim, PersistentVolume persistent, Node node) {}

    /// @throws UnresolvedException why the pod cannot have it
    public static ClaimedVolume of(Pod pod, Volume volume, Seen seen) {
        var key = new ObjectKey(pod.namespace(), PodVolumes.claimName(pod, volume));
        requireBound(pod, volume, key, seen);
        var persistent = seen.persistent;
        var name = persistent.name();
        boolean device = PersistentVolumes.mode(persistent) == VolumeMode.BLOCK;
        if (device != PodVolumes.devices(pod).contains(volume.name()))
            throw VolumeFailures.unknown(
                    volume.name(),
                    "volume " + volume.name() + " has volumeMode "
                            + PersistentVolumes.mode(persistent).text() + ", but is specified in "
                            + (device ? "volumeMounts" : "volumeDevices"));
        boolean readOnly = volume.persistentVolumeClaim().readOnly();
        var source = source(persistent, device, readOnly);
        if (!PersistentVolumes.reachable(persistent, seen.node))
            throw VolumeFailures.failed(
                    device ? "MapVolume.NodeAffinity check failed" : "MountVolume.NodeAffinity check failed",
                    name,
                    "no matching NodeSelectorTerms");
        var options = persistent.spec().mountOptions();
        if (!options.isEmpty() && source instanceof Source.OfHost)
            throw VolumeFailures.failed(
                    "MountVolume.MountOptionSupport check failed",
                    name,
                    "mount options are not supported for this volume type");
        return of(pod, name, source, readOnly, PersistentVolumes.exclusive(persistent), options);
    }

    /// What a driver makes for the pod alone, without a claim.
    public static ClaimedVolume ofDriver(Pod pod, Volume volume) {
        var source = new Source.Csi(CsiVolume.of(pod, volume));
        return of(pod, volume.name(), source, volume.csi().readOnly(), false, List.of());
    }

    /// What a file server has, without a claim.
    public static ClaimedVolume ofServer(Pod pod, Volume volume) {
        var nfs = volume.nfs();
        return of(pod, volume.name(), Source.Nfs.of(nfs), nfs.readOnly(), false, List.of());
    }

    private static ClaimedVolume of(
            Pod pod, String name, Source source, boolean readOnly, boolean exclusive, List<String> options) {
        var context = pod.spec().securityContext();
        return new ClaimedVolume(
                name,
                source,
                readOnly,
                exclusive,
                options,
                context.hasFsGroup() ? OptionalLong.of(context.fsGroup()) : OptionalLong.empty(),
                context.fsGroupChangePolicy() == FsGroupChangePolicy.ON_ROOT_MISMATCH);
    }

    private static void requireBound(Pod pod, Volume volume, ObjectKey key, Seen seen) {
        var claim = seen.claim;
        var named = claim.spec().volumeName();
        if (!claim.exists())
            throw unbound(
                    volume,
                    key,
                    "failed to fetch PVC from API server: persistentvolumeclaims \"" + key.name() + "\" not found");
        // One that goes, but is kept for those who use it, is shown to them until they have gone.
        if (claim.deleting() && !claim.metadata().finalizers().contains(PROTECTION))
            throw unbound(volume, key, "PVC is being deleted");
        if (!claim.status().phase().text().equals("Bound")) throw unbound(volume, key, "PVC is not bound");
        if (named.isEmpty()) throw unbound(volume, key, "PVC has empty pvc.Spec.VolumeName");
        if (volume.hasEphemeral() && !PodVolumes.madeFor(pod, claim))
            throw VolumeFailures.unknown(volume.name(), PodVolumes.notMadeFor(pod, key));
        if (!seen.persistent.exists())
            throw unbound(
                    volume,
                    key,
                    "failed to fetch PV " + named + " from API server: persistentvolumes \"" + named + "\" not found");
        var reference = seen.persistent.spec().claimRef();
        if (!reference.exists())
            throw unbound(
                    volume,
                    key,
                    "found PV object " + named
                            + " but it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim");
        if (!reference.uid().equals(claim.uid()))
            throw unbound(
                    volume,
                    key,
                    "found PV object " + named + " but its pv.Spec.ClaimRef.UID " + reference.uid()
                            + " does not point to claim.UID " + claim.uid());
    }

    private static UnresolvedException unbound(Volume volume, ObjectKey claim, String why) {
        return VolumeFailures.unknown(volume.name(), "error processing PVC " + claim + ": " + why);
    }

    private static Source source(PersistentVolume persistent, boolean device, boolean readOnly) {
        var spec = persistent.spec();
        if (spec.hasCsi()) return new Source.Csi(CsiVolume.of(persistent, readOnly));
        if (device && spec.hasLocal())
            return new Source.LocalDevice(spec.local().path());
        if (device)
            throw VolumeFailures.failed(
                    "MapVolume.FindMapperPluginBySpec failed", persistent.name(), "no volume plugin matched");
        if (spec.hasLocal()) return new Source.Local(spec.local().path());
        if (spec.hasNfs()) return Source.Nfs.of(spec.nfs());
        if (spec.hasHostPath()) return new Source.OfHost(spec.hostPath());
        throw VolumeFailures.failed(
                "MountVolume.FindPluginBySpec failed", persistent.name(), "no volume plugin matched");
    }
}
