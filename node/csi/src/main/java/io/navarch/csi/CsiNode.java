package io.navarch.csi;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a storage driver does on one node, as a port. Every call ends, at the latest when its time is over, and may be
/// made again.
///
/// Source: https://github.com/container-storage-interface/spec/blob/master/spec.md#node-service-rpc
public interface CsiNode {
    /// What it can do beyond what every driver does.
    enum Capability {
        STAGE_UNSTAGE_VOLUME,
        GET_VOLUME_STATS,
        EXPAND_VOLUME,
        VOLUME_CONDITION,
        SINGLE_NODE_MULTI_WRITER,
        VOLUME_MOUNT_GROUP
    }

    /// The node as the driver knows it.
    ///
    /// @param mostVolumes 0 when there is no limit
    record NodeInfo(String nodeId, long mostVolumes, Map<String, String> topology) {}

    enum AccessMode {
        UNKNOWN,
        SINGLE_NODE_WRITER,
        MULTI_NODE_READER_ONLY,
        MULTI_NODE_MULTI_WRITER,
        SINGLE_NODE_SINGLE_WRITER,
        SINGLE_NODE_MULTI_WRITER
    }

    /// How a volume is to be used.
    ///
    /// @param block as a device, without a file system
    /// @param group to whom its files shall belong, `""` for nobody in particular
    record Use(AccessMode mode, boolean block, String fsType, List<String> mountOptions, String group) {}

    /// @param publishContext what the controller said when it attached the volume
    record Stage(
            String volume,
            String stagingPath,
            Use use,
            Map<String, String> publishContext,
            Map<String, String> volumeContext,
            Map<String, String> secrets) {}

    /// @param stagingPath `""` when the driver stages nothing
    record Publish(
            String volume,
            String stagingPath,
            String targetPath,
            Use use,
            boolean readOnly,
            Map<String, String> publishContext,
            Map<String, String> volumeContext,
            Map<String, String> secrets) {}

    /// @param path where it is published
    record Expand(
            String volume, String path, String stagingPath, Use use, long requiredBytes, Map<String, String> secrets) {}

    /// What a volume holds; zero for what the driver does not say.
    record Usage(Amounts bytes, Amounts inodes) {}

    record Amounts(long available, long total, long used) {
        public static final Amounts UNKNOWN = new Amounts(0, 0, 0);
    }

    /// @throws CsiFailure as all that follow
    NodeInfo info();

    Set<Capability> capabilities();

    /// Makes a volume ready for all pods of the node.
    void stage(Stage request);

    void unstage(String volume, String stagingPath);

    /// Shows a volume to one pod.
    void publish(Publish request);

    void unpublish(String volume, String targetPath);

    /// Makes what is on the node as large as the volume has become, and returns how large it is then.
    long expand(Expand request);

    Usage usage(String volume, String path);
}
