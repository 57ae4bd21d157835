package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.LongWork;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// The volumes of storage drivers on this node.
public final class DriverVolumes {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_WORK = 250;

    private final Path root;
    private final CsiMounts mounts;
    private final VolumeExpansions expansions;
    private final UnusedVolumes unused;
    private final ClaimUsages usages;
    private final BoundedCalls calls = new BoundedCalls(LONGEST);
    private final LongWork work = new LongWork(LONGEST, MOST_WORK);

    /// @param root of the node's directories
    /// @param node its name
    public DriverVolumes(Path root, String node, CsiDrivers drivers, CsiObjects objects, InstantSource clock) {
        this.root = root;
        var directories = new CsiDirectories(new PodDirectories(root));
        var parts = new CsiParts(
                directories,
                drivers,
                objects,
                new AttachWait(directories, objects),
                node,
                new KeyedLocks(),
                ConcurrentHashMap.newKeySet(),
                calls,
                work);
        mounts = new CsiMounts(parts);
        expansions = new VolumeExpansions(parts);
        unused = new UnusedVolumes(parts);
        usages = new ClaimUsages(drivers, calls, clock);
    }

    CsiMounts mounts() {
        return mounts;
    }

    VolumeExpansions expansions() {
        return expansions;
    }

    /// To what servers and drivers show.
    BoundedCalls calls() {
        return calls;
    }

    /// On all files of a volume.
    LongWork work() {
        return work;
    }

    ClaimUsages usages() {
        return usages;
    }

    /// What drivers' own pods expect to be there is made.
    public void start(TaskScope scope) throws IOException {
        for (var directory : List.of("plugins", "pods")) Files.createDirectories(root.resolve(directory));
        unused.start(scope);
    }
}
