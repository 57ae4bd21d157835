package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.process.TaskScope;
import java.nio.file.Path;

/// The volumes of storage drivers on this node.
public final class DriverVolumes {
    private final CsiMounts mounts;
    private final UnusedVolumes unused;

    /// @param root of the node's directories
    /// @param node its name
    public DriverVolumes(Path root, String node, CsiDrivers drivers, CsiObjects objects) {
        var directories = new CsiDirectories(new PodDirectories(root));
        var parts = new CsiParts(
                directories, drivers, objects, new AttachWait(directories, objects), node, new KeyedLocks());
        mounts = new CsiMounts(parts);
        unused = new UnusedVolumes(parts);
    }

    CsiMounts mounts() {
        return mounts;
    }

    public void start(TaskScope scope) {
        unused.start(scope);
    }
}
