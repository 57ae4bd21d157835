package io.navarch.kinds.volumeattachment;

import io.navarch.objects.Sha256;

/// A volume as its CSI driver knows it.
///
/// @param handle that the driver has given it
public record DriverVolume(String driver, String handle) {
    /// Its name in a node's `volumesInUse` and `volumesAttached`, on which whoever attaches it and whoever uses it must
    /// agree.
    public String uniqueName() {
        return "kubernetes.io/csi/" + driver + "^" + handle;
    }

    /// The name of the VolumeAttachment that it must have on a node before that may use it.
    public String attachmentName(String node) {
        return "csi-" + Sha256.hex(handle + driver + node);
    }
}
