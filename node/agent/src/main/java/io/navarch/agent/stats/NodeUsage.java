package io.navarch.agent.stats;

import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.linux.FileSystemSpace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a node takes, as of one time.
///
/// @param machine everything that runs on it
/// @param pods all pods together
/// @param podsCgroup the group that they are in
/// @param root the file system of the node's own files, and volumes
/// @param images that of images, and of what containers write
public record NodeUsage(
        Instant time,
        Instant booted,
        Size size,
        Optional<Group> machine,
        Optional<Group> pods,
        String podsCgroup,
        List<Interface> network,
        Optional<FileSystemSpace> root,
        Optional<FileSystemSpace> images,
        long imageBytes,
        Processes processes,
        List<PodUsage> each) {
    /// @param memory bytes
    public record Size(int processors, long memory) {}

    /// @param most that there can be, 0 when it is not known
    public record Processes(long running, long most) {}

    /// @param nanoCores how much of a processor it took lately, in thousandths of a millionth; negative when that is
    ///     not known yet
    public record Group(CgroupUsage usage, long nanoCores) {}

    /// What was carried in one direction.
    public record Carried(long bytes, long packets, long errors, long dropped) {}

    public record Interface(String name, Carried received, Carried sent) {}

    /// What files take.
    public record Disk(long bytes, long inodes) {
        public static final Disk NONE = new Disk(0, 0);

        public Disk plus(Disk other) {
            return new Disk(bytes + other.bytes, inodes + other.inodes);
        }
    }

    /// @param ephemeral whether it is the pod's own, and on the node's disk
    public record VolumeUsage(String name, Disk used, Optional<FileSystemSpace> space, boolean ephemeral) {}

    /// @param written into the container's own layer
    /// @param logs of all attempts at it
    public record ContainerUsage(
            String name, String id, String image, Instant started, Optional<Group> group, Disk written, Disk logs) {}

    public record PodUsage(
            String namespace,
            String name,
            String uid,
            Instant started,
            String cgroup,
            Optional<Group> group,
            List<Interface> network,
            List<ContainerUsage> containers,
            List<VolumeUsage> volumes) {
        /// What the pod takes of the node's disk.
        public Disk ephemeral() {
            var sum = Disk.NONE;
            for (var container : containers) sum = sum.plus(container.written).plus(container.logs);
            for (var volume : volumes) if (volume.ephemeral) sum = sum.plus(volume.used);
            return sum;
        }
    }
}
