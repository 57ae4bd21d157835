package io.navarch.agent.volumes;

import io.navarch.model.Volume;

/// What the original calls the code that prepares a volume.
public final class VolumePlugin {
    private VolumePlugin() {}

    /// The name under which it is measured.
    public static String name(Volume volume) {
        if (volume.hasConfigMap()) return "kubernetes.io/configmap";
        if (volume.hasSecret()) return "kubernetes.io/secret";
        if (volume.hasProjected()) return "kubernetes.io/projected";
        if (volume.hasDownwardAPI()) return "kubernetes.io/downward-api";
        if (volume.hasEmptyDir()) return "kubernetes.io/empty-dir";
        if (volume.hasHostPath()) return "kubernetes.io/host-path";
        if (volume.hasCsi()) return "kubernetes.io/csi";
        if (volume.hasImage()) return "kubernetes.io/image";
        if (volume.hasNfs()) return "kubernetes.io/nfs";
        // Of a claim its volume says it.
        return "N/A";
    }
}
