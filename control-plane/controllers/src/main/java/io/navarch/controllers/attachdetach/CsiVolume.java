package io.navarch.controllers.attachdetach;

import io.navarch.kinds.volumeattachment.DriverVolume;
import io.navarch.model.PersistentVolume;
import io.navarch.model.VolumeAttachment;

/// A volume of a CSI driver, under the names that its attachments have.
record CsiVolume(PersistentVolume volume) {
    /// The volume's name in `volumesInUse` and `volumesAttached`.
    String uniqueName() {
        return ofDriver().uniqueName();
    }

    private DriverVolume ofDriver() {
        var csi = volume.spec().csi();
        return new DriverVolume(csi.driver(), csi.volumeHandle());
    }

    /// The name of the VolumeAttachment.
    String attachmentName(String node) {
        return ofDriver().attachmentName(node);
    }

    VolumeAttachment attachmentTo(String node) {
        return VolumeAttachment.builder()
                .metadata(metadata -> metadata.name(attachmentName(node)))
                .spec(spec -> spec.attacher(volume.spec().csi().driver())
                        .nodeName(node)
                        .source(source -> source.persistentVolumeName(volume.name())))
                .build();
    }
}
