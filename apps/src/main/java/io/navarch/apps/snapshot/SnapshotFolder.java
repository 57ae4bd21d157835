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

/// A folder with snapshots, named by when they were made.
public record SnapshotFolder(Path path) {
    private static final String ENDING = ".snapshot";
    private static final String SCHEDULED = "scheduled-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// What is in a folder: snapshots, the newest first, and why others could not be read.
    public record Listing(List<SnapshotFile> snapshots, List<String> problems) {}

    /// Where one goes that somebody has asked for.
    public Path next(String why, Instant now) {
        return path.resolve(why + "-" + TIME.format(now) + ENDING);
    }

    public Path nextScheduled(Instant now) {
        return next("scheduled", now);
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

    /// The scheduled ones, the newest first.
    private static List<SnapshotFile> scheduled(List<SnapshotFile> snapshots) {
        return snapshots.stream()
                .filter(each -> each.path().getFileName().toString().startsWith(SCHEDULED))
                .sorted(Comparator.comparing(SnapshotFile::time).reversed())
                .toList();
    }

    /// Those that a schedule has made and keeps no longer. What somebody has asked for stays.
    static List<SnapshotFile> obsolete(List<SnapshotFile> snapshots, int keep) {
        return scheduled(snapshots).stream().skip(keep).toList();
    }

    /// When the next one is due; nothing for at once.
    static Optional<Instant> due(List<SnapshotFile> snapshots, Duration every, Instant now) {
        return scheduled(snapshots).stream()
                .findFirst()
                // A clock that was ahead is not waited for.
                .filter(last -> !last.time().isAfter(now))
                .map(last -> last.time().plus(every))
                .filter(now::isBefore);
    }
}
