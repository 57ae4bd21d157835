package io.navarch.controllers.attachdetach;

import io.navarch.model.PersistentVolume;
import io.navarch.model.VolumeAttachment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A volume of a CSI driver, under the names that its attachments have.
record CsiVolume(PersistentVolume volume) {
    /// The volume's name in `volumesInUse` and `volumesAttached`.
    String uniqueName() {
        var csi = volume.spec().csi();
        return "kubernetes.io/csi/" + csi.driver() + "^" + csi.volumeHandle();
    }

    /// The name of the VolumeAttachment.
    String attachmentName(String node) {
        var csi = volume.spec().csi();
        return "csi-" + hash(csi.volumeHandle() + csi.driver() + node);
    }

    VolumeAttachment attachmentTo(String node) {
        return VolumeAttachment.builder()
                .metadata(metadata -> metadata.name(attachmentName(node)))
                .spec(spec -> spec.attacher(volume.spec().csi().driver())
                        .nodeName(node)
                        .source(source -> source.persistentVolumeName(volume.name())))
                .build();
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
