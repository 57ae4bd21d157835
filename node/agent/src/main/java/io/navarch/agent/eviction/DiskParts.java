package io.navarch.agent.eviction;

import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.NodeUsage.VolumeUsage;

/// What of a pod's files counts for a shortage of a file system.
///
/// @param written whether what containers have written into their own layers does
/// @param others whether logs and volumes do
record DiskParts(boolean written, boolean others) {
    Disk of(PodUsage pod) {
        var sum = Disk.NONE;
        for (ContainerUsage container : pod.containers()) {
            if (written) sum = sum.plus(container.written());
            if (others) sum = sum.plus(container.logs());
        }
        for (VolumeUsage volume : pod.volumes()) if (others && volume.ephemeral()) sum = sum.plus(volume.used());
        return sum;
    }
}
