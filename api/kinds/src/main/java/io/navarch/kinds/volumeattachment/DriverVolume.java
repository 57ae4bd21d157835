package io.navarch.kinds.volumeattachment;

/// A volume as its CSI driver knows it.
///
/// @param handle that the driver has given it
public record DriverVolume(String driver, String handle) {
    /// Its name in a node's `volumesInUse` and `volumesAttached`, on which whoever attaches it and whoever uses it must
    /// agree.
    public String uniqueName() {
        return "kubernetes.io/csi/" + driver + "^" + handle;
    }
}
