package io.navarch.controllers.persistentvolume;

import io.navarch.client.Caches;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is counted of volumes and claims.
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

    /// Where a volume comes from, as plugins of the original are named.
    private static final Map<String, String> PLUGINS = Map.of(
            "hostPath", "kubernetes.io/host-path",
            "local", "kubernetes.io/local-volume",
            "nfs", "kubernetes.io/nfs",
            "iscsi", "kubernetes.io/iscsi",
            "fc", "kubernetes.io/fc");

    private VolumeMetrics() {}

    private static Metric claims(String which, String help) {
        return Metric.gauge(
                "pv_collector_" + which + "_pvc_count",
                "[ALPHA] " + help,
                "namespace",
                "storage_class",
                "volume_attributes_class");
    }

    private static boolean bound(View object) {
        return object.status().get("phase").string().equals("Bound");
    }

    private static String plugin(View volume) {
        var driver = volume.spec().get("csi", "driver").string();
        if (!driver.isEmpty()) return "kubernetes.io/csi:" + driver;
        for (var plugin : PLUGINS.entrySet())
            if (volume.spec().get(plugin.getKey()).exists()) return plugin.getValue();
        return "N/A";
    }

    static List<Metric.Sample> state(Caches caches) {
        var samples = new ArrayList<Metric.Sample>();
        for (var volume : caches.of(Resources.PERSISTENT_VOLUMES.untyped()).all()) {
            samples.add(
                    TOTAL.once(plugin(volume), volume.spec().get("volumeMode").stringOr("Filesystem")));
            samples.add((bound(volume) ? BOUND : UNBOUND).once(VolumeMatch.storageClass(volume)));
        }
        for (var claim : caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).all())
            samples.add((bound(claim) ? BOUND_CLAIMS : UNBOUND_CLAIMS)
                    .once(
                            claim.namespace(),
                            VolumeMatch.storageClass(claim),
                            claim.spec().get("volumeAttributesClassName").string()));
        return samples;
    }
}
