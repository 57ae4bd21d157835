package io.navarch.controllers.persistentvolume;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.Resources;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Gauges of volumes and claims.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`pv_collector_*`)
final class VolumeMetrics {
    private static final Metric TOTAL =
            Metric.gauge("pv_collector_total_pv_count", "[ALPHA] Volumes there are.", "plugin_name", "volume_mode");
    private static final Metric BOUND =
            Metric.gauge("pv_collector_bound_pv_count", "[ALPHA] Volumes that are bound.", "storage_class");
    private static final Metric UNBOUND =
            Metric.gauge("pv_collector_unbound_pv_count", "[ALPHA] Volumes that are not bound.", "storage_class");
    private static final Metric BOUND_CLAIMS = claims("bound", "Claims that are bound.");
    private static final Metric UNBOUND_CLAIMS = claims("unbound", "Claims that are not bound.");

    static final List<Metric> ALL = List.of(TOTAL, BOUND, UNBOUND, BOUND_CLAIMS, UNBOUND_CLAIMS);

    /// The original's plugin for each kind of source.
    private static final Map<String, String> PLUGINS = Map.of(
            PersistentVolumeSpec.HOST_PATH, "kubernetes.io/host-path",
            PersistentVolumeSpec.LOCAL, "kubernetes.io/local-volume",
            PersistentVolumeSpec.NFS, "kubernetes.io/nfs",
            PersistentVolumeSpec.ISCSI, "kubernetes.io/iscsi",
            PersistentVolumeSpec.FC, "kubernetes.io/fc");

    private VolumeMetrics() {}

    private static Metric claims(String which, String help) {
        return Metric.gauge(
                "pv_collector_" + which + "_pvc_count",
                "[ALPHA] " + help,
                "namespace",
                "storage_class",
                "volume_attributes_class");
    }

    private static String plugin(PersistentVolume volume) {
        var driver = volume.spec().csi().driver();
        if (!driver.isEmpty()) return "kubernetes.io/csi:" + driver;
        for (var plugin : PLUGINS.entrySet()) {
            if (volume.spec().raw(plugin.getKey()).exists()) return plugin.getValue();
        }
        return "N/A";
    }

    static List<Metric.Sample> gauges(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var volume : caches.of(Resources.PERSISTENT_VOLUMES).all()) {
            boolean bound = volume.status().phase() == PersistentVolumePhase.BOUND;
            samples.add(
                    TOTAL.once(plugin(volume), PersistentVolumes.mode(volume).text()));
            samples.add((bound ? BOUND : UNBOUND).once(VolumeMatch.storageClass(volume)));
        }
        for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).all()) {
            boolean bound = claim.status().phase() == PersistentVolumeClaimPhase.BOUND;
            samples.add((bound ? BOUND_CLAIMS : UNBOUND_CLAIMS)
                    .once(
                            claim.namespace(),
                            VolumeMatch.storageClass(claim),
                            claim.spec().volumeAttributesClassName()));
        }
        return samples;
    }
}
