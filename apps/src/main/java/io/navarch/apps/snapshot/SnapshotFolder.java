package io.navarch.apps.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A folder with snapshots, named by why and when they were made. More clusters than one may use it.
public record SnapshotFolder(Path path) {
    private static final String ENDING = ".snapshot";
    private static final String SCHEDULED = "scheduled-";
    private static final String CLEARED = ".%s*" + ENDING + ".*" + SnapshotFile.PART;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// What is in a folder: snapshots, the newest first, and why others could not be read.
    public record Listing(List<SnapshotFile> snapshots, List<String> problems) {}

    /// Where one goes that somebody has asked for.
    public Path next(String why, Instant now) {
        return path.resolve(why + "-" + TIME.format(now) + ENDING);
    }

    /// Those of a schedule are told apart by their cluster.
    Path nextScheduled(String cluster, Instant now) {
        return next(SCHEDULED + cluster, now);
    }

    void clearScheduled(String cluster) throws IOException {
        clear(SCHEDULED + cluster + "-");
    }

    /// Removes what was begun and not ended, of those that the caller alone makes.
    ///
    /// @param why what their names begin with
    void clear(String why) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var parts = Files.newDirectoryStream(path, CLEARED.formatted(why))) {
            for (var part : parts) Files.deleteIfExists(part);
        }
    }

    public Listing list() throws IOException {
        var snapshots = new ArrayList<SnapshotFile>();
        var problems = new ArrayList<String>();
        if (Files.isDirectory(path)) {
            try (var files = Files.list(path)) {
                for (var file : files.filter(each -> each.toString().endsWith(ENDING))
                        .sorted()
                        .toList()) {
                    try {
                        snapshots.add(SnapshotFile.look(file));
                    } catch (IOException e) {
                        problems.add(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
        snapshots.sort(Comparator.comparing(SnapshotFile::time).reversed());
        return new Listing(List.copyOf(snapshots), List.copyOf(problems));
    }

    /// The scheduled ones of a cluster, the newest first. Those that a clock has made that was ahead do not count:
    /// they would have the place of those of today.
    static List<SnapshotFile> scheduled(List<SnapshotFile> snapshots, String cluster, Instant now) {
        return snapshots.stream()
                .filter(each -> each.path().getFileName().toString().startsWith(SCHEDULED))
                .filter(each -> each.cluster().equals(cluster))
                .filter(each -> !each.time().isAfter(now))
                .sorted(Comparator.comparing(SnapshotFile::time).reversed())
                .toList();
    }

    /// Of scheduled ones those that are kept no longer. What somebody has asked for stays.
    static List<SnapshotFile> obsolete(List<SnapshotFile> scheduled, int keep) {
        return scheduled.stream().skip(keep).toList();
    }

    /// When the next one is due; nothing for at once.
    static Optional<Instant> due(List<SnapshotFile> scheduled, Duration every, Instant now) {
        return scheduled.stream()
                .findFirst()
                .map(last -> last.time().plus(every))
                .filter(now::isBefore);
    }
}
