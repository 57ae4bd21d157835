package io.navarch.agent.volumes;

import io.navarch.kinds.pod.PodResources;
import io.navarch.model.EmptyDirVolumeSource;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.objects.Quantity;
import io.navarch.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How large volumes may become that begin empty.
final class EmptyDirs {
    private static final Logger LOG = LoggerFactory.getLogger(EmptyDirs.class);
    private static final String MEMORY = "memory";
    private static final Duration LONGEST_COUNT = Duration.ofSeconds(60);

    private EmptyDirs() {}

    /// The bytes that one in memory may hold: what the node has for pods, the pod's own limit, or the volume's,
    /// whichever is least. Without this the kernel gives each half of the machine.
    static long memory(Pod pod, EmptyDirVolumeSource source, long allocatable) {
        boolean limited = pod.spec().containers().stream()
                .allMatch(spec -> spec.resources().limits().containsKey(MEMORY));
        long ofPod = limited
                ? PodResources.limits(pod.spec())
                        .getOrDefault(MEMORY, Quantity.ZERO)
                        .units()
                : 0;
        return less(source.hasSizeLimit() ? source.sizeLimit().units() : 0, less(ofPod, allocatable));
    }

    /// Whether somebody has to watch it: the disk itself keeps no limits of directories.
    static boolean limitedOnDisk(Volume volume) {
        var source = volume.emptyDir();
        return volume.hasEmptyDir()
                && source.medium().isEmpty()
                && source.hasSizeLimit()
                && source.sizeLimit().units() > 0;
    }

    /// The bytes that a directory takes on the disk, zero while that cannot be told. Whatever is in it is only counted,
    /// by a program that follows no links and does not mind how deep it is.
    static long used(Path directory) {
        try {
            var result = Command.tryRun(
                    List.of("du", "--summarize", "--one-file-system", "--block-size=1", directory.toString()),
                    "",
                    LONGEST_COUNT);
            // Files go while they are counted: then it says so, and the sum nevertheless.
            var size = result.out().split("\t")[0];
            return size.matches("[0-9]{1,18}") ? Long.parseLong(size) : 0;
        } catch (Command.FailedException e) {
            LOG.debug("{}", e.getMessage());
            return 0;
        }
    }

    /// Zero is no limit.
    private static long less(long wanted, long otherwise) {
        return wanted > 0 && (otherwise <= 0 || wanted < otherwise) ? wanted : otherwise;
    }
}
