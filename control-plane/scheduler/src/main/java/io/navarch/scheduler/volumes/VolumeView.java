package io.navarch.scheduler.volumes;

import io.navarch.model.CSINode;
import io.navarch.model.CSIStorageCapacity;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.StorageClass;
import io.navarch.objects.ObjectKey;
import java.util.Collection;
import java.util.Set;

/// What is known of claims and volumes, as a port. What does not exist is absent.
public interface VolumeView {
    PersistentVolumeClaim claim(ObjectKey key);

    PersistentVolume volume(String name);

    /// The volumes of a storage class that no other claim is about to get.
    Collection<PersistentVolume> volumesFor(PersistentVolumeClaim claim, String storageClass);

    /// The node for which a volume is being made for a claim, `""` when there is none.
    String selectedNode(PersistentVolumeClaim claim);

    StorageClass storageClass(String name);

    /// Whether a provisioner says how much room there is.
    boolean tellsCapacity(String provisioner);

    Collection<CSIStorageCapacity> capacities(String storageClass);

    CSINode csiNode(String name);

    /// The names of volumes that are attached to a node, or about to be.
    Set<String> attached(String node);
}
