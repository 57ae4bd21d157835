package io.navarch.images.registry;

import io.navarch.images.Blobs;
import io.navarch.images.registry.RegistryException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// Blobs on their way in, each a file that grows. They do not outlive the process: who pushes begins anew then.
final class Uploads {
    private static final int MOST = 256;
    /// So that one user leaves room for others.
    private static final int MOST_OF_USER = 32;
    private static final Duration IDLE = Duration.ofMinutes(30);

    /// How much is taken between two looks at the disk.
    private static final int PART = 16 << 20;

    /// One upload. Its lock is held by the call that sends a part.
    static final class Upload {
        private final String id;
        private final String repository;
        private final String user;
        private final Path file;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile long size;
        private volatile Instant touched;
        private volatile boolean cancelled;

        private Upload(String id, String repository, String user, Path file, Instant touched) {
            this.id = id;
            this.repository = repository;
            this.user = user;
            this.file = file;
            this.touched = touched;
        }

        String id() {
            return id;
        }

        long size() {
            return size;
        }
    }

    private final Blobs blobs;
    private final InstantSource clock;
    private final Map<String, Upload> all = new HashMap<>();

    Uploads(Blobs blobs, InstantSource clock) {
        this.blobs = blobs;
        this.clock = clock;
    }

    Upload begin(String repository, String user) throws IOException, RegistryException {
        removeIdle();
        synchronized (all) {
            if (all.size() >= MOST)
                throw new RegistryException(Code.TOOMANYREQUESTS, MOST + " uploads are under way already");
            if (all.values().stream().filter(each -> each.user.equals(user)).count() >= MOST_OF_USER)
                throw new RegistryException(
                        Code.TOOMANYREQUESTS, user + " has " + MOST_OF_USER + " uploads under way already");
            var upload = new Upload(UUID.randomUUID().toString(), repository, user, blobs.draft(), clock.instant());
            all.put(upload.id, upload);
            return upload;
        }
    }

    Upload find(String repository, String id) throws RegistryException {
        synchronized (all) {
            var upload = all.get(id);
            if (upload == null || upload.cancelled || !upload.repository.equals(repository)) throw unknown(id);
            return upload;
        }
    }

    private static RegistryException unknown(String id) {
        return new RegistryException(Code.BLOB_UPLOAD_UNKNOWN, "there is no upload " + id);
    }

    /// Appends a part.
    ///
    /// @param range of bytes, as the client counts them; `""` when it does not
    void append(Upload upload, String range, InputStream part) throws IOException, RegistryException {
        if (!upload.lock.tryLock())
            throw new RegistryException(Code.BLOB_UPLOAD_INVALID, 416, "another part is being sent");
        blobs.promise(PART);
        try {
            if (upload.cancelled) throw unknown(upload.id);
            if (!range.isEmpty() && first(range) != upload.size)
                throw new RegistryException(
                        Code.BLOB_UPLOAD_INVALID, 416, "the next byte is " + upload.size + ", not of " + range);
            try (var out = Files.newOutputStream(upload.file, StandardOpenOption.APPEND)) {
                var buffer = new byte[64 << 10];
                long room = 0;
                long size = upload.size;
                for (int count; (count = part.read(buffer)) >= 0; ) {
                    if (upload.cancelled) throw unknown(upload.id);
                    room -= count;
                    if (room < 0) {
                        // The part itself is promised.
                        blobs.requireRoom(0);
                        room = PART;
                    }
                    out.write(buffer, 0, count);
                    size += count;
                    upload.size = size;
                    upload.touched = clock.instant();
                }
            }
        } finally {
            blobs.release(PART);
            upload.lock.unlock();
            if (upload.cancelled) cancel(upload);
        }
    }

    private static long first(String range) throws RegistryException {
        var text = range.replaceFirst("^bytes[ =]", "").replaceFirst("-.*$", "");
        if (!text.matches("[0-9]{1,18}"))
            throw new RegistryException(Code.BLOB_UPLOAD_INVALID, "no range of bytes: " + range);
        return Long.parseLong(text);
    }

    /// Makes a blob of what was sent.
    void finish(Upload upload, String digest) throws IOException, RegistryException {
        upload.lock.lock();
        try {
            forget(upload);
            if (upload.cancelled) throw unknown(upload.id);
            var found = blobs.add(upload.file, Optional.of(digest));
            if (!found.equals(digest))
                throw new RegistryException(Code.DIGEST_INVALID, "what was sent is " + found + ", not " + digest);
        } finally {
            Files.deleteIfExists(upload.file);
            upload.lock.unlock();
        }
    }

    /// Ends an upload. While a part is being sent, it counts until its writer has noticed.
    void cancel(Upload upload) throws IOException {
        upload.cancelled = true;
        if (!upload.lock.tryLock()) return;
        try {
            forget(upload);
            Files.deleteIfExists(upload.file);
        } finally {
            upload.lock.unlock();
        }
    }

    private void forget(Upload upload) {
        synchronized (all) {
            all.remove(upload.id);
        }
    }

    /// Ends those that nobody goes on with.
    void removeIdle() throws IOException {
        var until = clock.instant().minus(IDLE);
        Iterable<Upload> idle;
        synchronized (all) {
            idle = all.values().stream()
                    .filter(each -> each.touched.isBefore(until) && !each.lock.isLocked())
                    .toList();
        }
        for (var upload : idle) cancel(upload);
    }
}
