package io.navarch.apiserver.audit;

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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A file of events, a line each, that gives way to a new one when it is full. A call waits until its events are
/// written; one that cannot be written, as on a full disk, is lost and counted, and the call goes on.
public final class AuditLog implements AuditSink {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
    private static final long MEGABYTE = 1 << 20;

    /// @param megabytes that a file may have; 0 is 100
    /// @param backups older files that are kept; 0 for all
    /// @param days that older files are kept; 0 for ever
    public record Keeping(int megabytes, int backups, int days) {}

    private final Path file;
    private final Keeping keeping;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /// Not a channel, which whoever is interrupted while he writes would close for all others.
    private RandomAccessFile out;
    private long size;

    public AuditLog(Path file, Keeping keeping, InstantSource clock) throws IOException {
        this.file = file.toAbsolutePath();
        this.keeping = keeping;
        this.clock = clock;
        out = open();
        size = out.length();
    }

    private RandomAccessFile open() throws IOException {
        var directory = file.getParent();
        if (directory != null) Files.createDirectories(directory);
        if (!Files.exists(file))
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var opened = new RandomAccessFile(file.toFile(), "rw");
        opened.seek(opened.length());
        return opened;
    }

    @Override
    public void write(byte[] line) throws IOException {
        lock.lock();
        try {
            if (size + line.length > most() && size > 0) rotate();
            try {
                out.write(line);
                size += line.length;
            } catch (IOException e) {
                // Half a line would spoil the next one.
                out.setLength(size);
                out.seek(size);
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private long most() {
        return (keeping.megabytes == 0 ? 100 : keeping.megabytes) * MEGABYTE;
    }

    private void rotate() throws IOException {
        // What cannot be made anew goes on where it is.
        Files.move(file, backup(clock.instant()), StandardCopyOption.ATOMIC_MOVE);
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

    private Path backup(Instant time) {
        var name = String.valueOf(file.getFileName());
        return file.resolveSibling(stem() + "-" + TIME.format(time) + name.substring(stem().length()));
    }

    private List<Path> tooOld() throws IOException {
        var backups = new ArrayList<Path>();
        var directory = file.toAbsolutePath().getParent();
        if (directory == null) return backups;
        try (var list = Files.list(directory)) {
            list.filter(each -> each.getFileName().toString().startsWith(stem() + "-"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(backups::add);
        }
        var oldest = clock.instant().minus(Duration.ofDays(keeping.days));
        var over = new ArrayList<Path>();
        for (int i = 0; i < backups.size(); i++) {
            boolean many = keeping.backups > 0 && i >= keeping.backups;
            var written = Files.getLastModifiedTime(backups.get(i)).toInstant();
            if (many || keeping.days > 0 && written.isBefore(oldest)) over.add(backups.get(i));
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
