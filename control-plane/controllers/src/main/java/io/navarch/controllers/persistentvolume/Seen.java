package io.navarch.controllers.persistentvolume;

import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StorageClass;
import java.util.Collection;

/// What is known of one key: a claim, or a volume when the key has no namespace.
public sealed interface Seen {
    /// @param storageClass that the claim names, absent when there is none
    record Claim(PersistentVolumeClaim claim, Collection<PersistentVolume> volumes, StorageClass storageClass)
            implements Seen {}

    /// @param claim of the name that the volume refers to, absent when there is none
    record Volume(PersistentVolume volume, PersistentVolumeClaim claim) implements Seen {}
}
