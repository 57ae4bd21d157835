package io.navarch.apiserver.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// A file of events, a line each, that gives way to a new one when it is full. A call waits until its events are
/// written; one that cannot be written, as on a full disk, is lost and counted, and the call goes on. Where the file
/// cannot give way it grows.
public final class AuditLog implements AuditSink {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
    private static final long MEGABYTE = 1 << 20;

    /// @param megabytes that a file may have; 0: it never gives way
    /// @param backups older files that are kept; 0 for all
    /// @param days that older files are kept; 0 for ever
    public record Keeping(int megabytes, int backups, int days) {}

    private record Backup(Path file, Instant time) {}

    private final Path file;
    private final Keeping keeping;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /// Not a channel, which whoever is interrupted while he writes would close for all others. It appends, wherever the
    /// file ends: others may cut it, or write to it too.
    private FileOutputStream out;
    private long size;
    /// The size from which on it is to give way.
    private long limit;
    private boolean torn;

    public AuditLog(Path file, Keeping keeping, InstantSource clock) throws IOException {
        this.file = file.toAbsolutePath();
        this.keeping = keeping;
        this.clock = clock;
        out = open();
        size = Files.size(this.file);
        limit = most();
        torn = true;
    }

    private FileOutputStream open() throws IOException {
        var directory = file.getParent();
        if (directory != null) Files.createDirectories(directory);
        if (!Files.exists(file))
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new FileOutputStream(file.toFile(), true);
    }

    /// @throws IOException also when the line is written, but the file cannot give way to a new one
    @Override
    public void write(byte[] line) throws IOException {
        lock.lock();
        try {
            var trouble = size + line.length > limit && size > 0 ? giveWay() : Optional.<IOException>empty();
            append(line);
            if (trouble.isPresent()) throw trouble.get();
        } finally {
            lock.unlock();
        }
    }

    private void append(byte[] line) throws IOException {
        // Half a line, of a full disk or of a machine that lost its power, would spoil the next one.
        if (torn && !endsWithLine()) {
            out.write('\n');
            size++;
        }
        torn = true;
        out.write(line);
        torn = false;
        size += line.length;
    }

    private boolean endsWithLine() throws IOException {
        if (!Files.isRegularFile(file)) return true;
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long length = in.length();
            if (length == 0) return true;
            in.seek(length - 1);
            return in.read() == '\n';
        }
    }

    private long most() {
        return keeping.megabytes == 0 ? Long.MAX_VALUE : keeping.megabytes * MEGABYTE;
    }

    private Optional<IOException> giveWay() {
        try {
            rotate();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new IOException(file + " cannot give way to a new file: " + e, e));
        } finally {
            // Not again for each line when it cannot.
            limit = Math.max(most(), size + MEGABYTE);
        }
    }

    private void rotate() throws IOException {
        // It is missing when it was moved before and no new one could be made.
        if (Files.exists(file)) Files.move(file, backup(clock.instant()), StandardCopyOption.ATOMIC_MOVE);
        var next = open();
        out.close();
        out = next;
        size = 0;
        for (var old : tooOld()) Files.deleteIfExists(old);
    }

    private String stem() {
        var name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private String extension() {
        return String.valueOf(file.getFileName()).substring(stem().length());
    }

    private Path backup(Instant time) {
        return file.resolveSibling(stem() + "-" + TIME.format(time) + extension());
    }

    /// A file that gave way once; nothing for any other, which is not ours to delete.
    private Optional<Backup> backup(Path found) {
        var name = String.valueOf(found.getFileName());
        var begin = stem() + "-";
        boolean ours = name.startsWith(begin)
                && name.endsWith(extension())
                && name.length() > begin.length() + extension().length();
        if (!ours) return Optional.empty();
        try {
            var time =
                    name.substring(begin.length(), name.length() - extension().length());
            return Optional.of(new Backup(found, TIME.parse(time, Instant::from)));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private List<Path> tooOld() throws IOException {
        var directory = file.getParent();
        if (directory == null) return List.of();
        List<Backup> backups;
        try (var list = Files.list(directory)) {
            backups = list.flatMap(each -> backup(each).stream())
                    .sorted(Comparator.comparing(Backup::time).reversed())
                    .toList();
        }
        var oldest = clock.instant().minus(Duration.ofDays(keeping.days));
        var over = new ArrayList<Path>();
        for (int i = 0; i < backups.size(); i++) {
            boolean many = keeping.backups > 0 && i >= keeping.backups;
            if (many || keeping.days > 0 && backups.get(i).time.isBefore(oldest)) over.add(backups.get(i).file);
        }
        return over;
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            out.close();
        } finally {
            lock.unlock();
        }
    }
}
