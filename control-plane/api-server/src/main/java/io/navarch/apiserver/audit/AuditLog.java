package io.navarch.apiserver.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of events, a line each, that gives way to a new one when it is full. A call waits until its events are
/// written; one that cannot be written, as on a full disk, is lost and counted, and the call goes on. Where the file
/// cannot give way it grows.
public final class AuditLog implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final long MEGABYTE = 1 << 20;
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /// Nobody waits for it, and it computes for seconds.
    private static final ThreadFactory BESIDE =
            Thread.ofPlatform().daemon().name("audit-log-compress").factory();

    /// @param megabytes that a file may have; 0: it never gives way
    /// @param backups older files that are kept; 0 for all
    /// @param days that older files are kept; 0 for ever
    /// @param compressed whether older files are
    public record Keeping(int megabytes, int backups, int days, boolean compressed) {}

    private final Path file;
    private final Keeping keeping;
    private final AuditBackups backups;
    private final Optional<ExecutorService> compressor;
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
        backups = new AuditBackups(this.file, keeping.backups, keeping.days, clock);
        compressor = keeping.compressed ? Optional.of(Executors.newSingleThreadExecutor(BESIDE)) : Optional.empty();
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
        if (Files.exists(file)) Files.move(file, backups.next(), StandardCopyOption.ATOMIC_MOVE);
        var next = open();
        out.close();
        out = next;
        size = 0;
        backups.clear();
        compressor.ifPresent(thread -> thread.execute(this::compress));
    }

    private void compress() {
        try {
            backups.compress();
        } catch (IOException e) {
            LOG.warn("older files of {} are not compressed: {}", file, e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        compressor.ifPresent(AuditLog::finish);
        lock.lock();
        try {
            out.close();
        } finally {
            lock.unlock();
        }
    }

    /// What is left is done when the next file is full.
    private static void finish(ExecutorService compressor) {
        compressor.shutdown();
        try {
            if (!compressor.awaitTermination(CLOSING.toSeconds(), TimeUnit.SECONDS)) compressor.shutdownNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
