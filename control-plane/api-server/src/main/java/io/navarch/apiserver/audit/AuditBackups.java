package io.navarch.apiserver.audit;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// The files beside a log that gave way once: their names tell when.
final class AuditBackups {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
    private static final String COMPRESSED = ".gz";

    /// A file that is being compressed.
    private static final String PART = ".gz.part";

    private record Backup(Path file, Instant time) {
        boolean compressed() {
            return String.valueOf(file.getFileName()).endsWith(COMPRESSED);
        }
    }

    private final Path file;
    private final int most;
    private final int days;
    private final InstantSource clock;

    /// @param most that are kept; 0 for all
    /// @param days that they are kept; 0 for ever
    AuditBackups(Path file, int most, int days, InstantSource clock) {
        this.file = file;
        this.most = most;
        this.days = days;
        this.clock = clock;
    }

    /// The name of one that gives way now.
    Path next() {
        return file.resolveSibling(stem() + "-" + TIME.format(clock.instant()) + extension());
    }

    private String stem() {
        var name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private String extension() {
        return String.valueOf(file.getFileName()).substring(stem().length());
    }

    /// Nothing for any other file, which is not ours to delete.
    private Optional<Backup> backup(Path found) {
        var name = String.valueOf(found.getFileName());
        var plain = name.endsWith(COMPRESSED) ? name.substring(0, name.length() - COMPRESSED.length()) : name;
        var begin = stem() + "-";
        boolean ours = plain.startsWith(begin)
                && plain.endsWith(extension())
                && plain.length() > begin.length() + extension().length();
        if (!ours) return Optional.empty();
        try {
            var time =
                    plain.substring(begin.length(), plain.length() - extension().length());
            return Optional.of(new Backup(found, TIME.parse(time, Instant::from)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// The youngest first.
    private List<Backup> all() throws IOException {
        var directory = file.getParent();
        if (directory == null) return List.of();
        try (var list = Files.list(directory)) {
            return list.flatMap(each -> backup(each).stream())
                    .sorted(Comparator.comparing(Backup::time).reversed())
                    .toList();
        }
    }

    /// Deletes those that are too many or too old.
    void clear() throws IOException {
        var oldest = clock.instant().minus(Duration.ofDays(days));
        var over = new ArrayList<Path>();
        // One that is just being compressed is there twice.
        Set<Instant> counted = new HashSet<>();
        for (var each : all()) {
            counted.add(each.time);
            boolean many = most > 0 && counted.size() > most;
            if (many || days > 0 && each.time.isBefore(oldest)) over.add(each.file);
        }
        for (var old : over) Files.deleteIfExists(old);
        for (var part : abandoned()) Files.deleteIfExists(part);
    }

    /// What a process that ended while it compressed has left of files that have gone since.
    private List<Path> abandoned() throws IOException {
        var directory = file.getParent();
        if (directory == null) return List.of();
        try (var list = Files.list(directory)) {
            return list.filter(each -> {
                        var name = String.valueOf(each.getFileName());
                        if (!name.endsWith(PART)) return false;
                        var plain = each.resolveSibling(name.substring(0, name.length() - PART.length()));
                        return backup(plain).isPresent() && Files.notExists(plain);
                    })
                    .toList();
        }
    }

    /// Compresses those that are not, also what an earlier process did not come to.
    void compress() throws IOException {
        for (var each : all()) if (!each.compressed() && Files.isRegularFile(each.file)) compress(each.file);
    }

    private static void compress(Path plain) throws IOException {
        var part = plain.resolveSibling(plain.getFileName() + PART);
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            var out = new GZIPOutputStream(Channels.newOutputStream(channel), 64 << 10);
            Files.copy(plain, out);
            out.finish();
            // The one goes only when the other lasts.
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        Files.move(part, plain.resolveSibling(plain.getFileName() + COMPRESSED), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(plain);
    }
}
