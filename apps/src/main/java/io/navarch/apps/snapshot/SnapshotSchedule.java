package io.navarch.apps.snapshot;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshots that a server makes by itself.
public final class SnapshotSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);

    /// A start has better things to do; later on a minute does not matter.
    private static final long LOOK_MILLIS = 60_000;

    /// Between two of them: oftener nobody looks.
    public static final Duration SHORTEST = Duration.ofMillis(LOOK_MILLIS);

    /// So much of the disk stays free: a snapshot must not keep anybody from writing.
    private static final long FREE = 1 << 30;

    /// What is asked for.
    ///
    /// @param every zero for never
    /// @param keep how many of them
    public record Plan(Path folder, Duration every, int keep) {}

    private final Plan plan;
    private final Path data;
    private final SnapshotFile.Source source;
    private final String version;
    private final InstantSource clock;
    private final LongSupplier free;

    public SnapshotSchedule(Plan plan, Path data, SnapshotFile.Source source, String version, InstantSource clock) {
        this(plan, data, source, version, clock, () -> plan.folder.toFile().getUsableSpace());
    }

    /// @param free how many bytes are in the folder
    SnapshotSchedule(
            Plan plan, Path data, SnapshotFile.Source source, String version, InstantSource clock, LongSupplier free) {
        this.free = free;
        this.plan = plan;
        this.data = data;
        this.source = source;
        this.version = version;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        if (plan.every.isZero()) return;
        scope.start("snapshots", () -> {
            while (true) {
                TaskScope.pause(LOOK_MILLIS);
                try {
                    look();
                } catch (IOException | RuntimeException e) {
                    LOG.error("no snapshot can be made in {}: {}", plan.folder, e.getMessage());
                }
            }
        });
    }

    /// Makes one when it is due, then removes those that are too many: never before there is a newer one.
    void look() throws IOException, InterruptedException {
        var folder = new SnapshotFolder(plan.folder);
        var now = clock.instant();
        var cluster = SnapshotFile.cluster(data);
        var last = SnapshotFolder.scheduled(folder.list().snapshots(), cluster, now);
        if (SnapshotFolder.due(last, plan.every, now).isPresent()) return;
        Files.createDirectories(plan.folder);
        folder.clearScheduled(cluster);
        // Most likely it will be as long as the last one.
        SparingStream.expect(free, FREE + (last.isEmpty() ? 0 : last.getFirst().bytes()));
        SnapshotFile.Source sparing = to -> source.write(new SparingStream(to, free, FREE));
        var made = SnapshotFile.write(folder.nextScheduled(cluster, now), data, sparing, version, now);
        LOG.info(
                "snapshot {}: revision {}, {} keys, {} bytes", made.path(), made.revision(), made.keys(), made.bytes());
        var all = SnapshotFolder.scheduled(folder.list().snapshots(), cluster, now);
        for (var old : SnapshotFolder.obsolete(all, plan.keep)) Files.delete(old.path());
    }
}
