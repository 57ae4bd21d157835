package io.navarch.images;

import io.navarch.objects.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Contents by their digest, a file each. A content has its name once it is there as a whole: it may come from another
/// file system, and this one may be full.
public final class Blobs {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int ALGORITHM = "sha256:".length();

    /// What is left free on the disk in any case: others need it, too.
    private static final long SPARED = 512L << 20;

    /// How names of directories begin in which archives are unpacked.
    static final String UNPACKED = "load";

    private final Path parent;
    private final Path directory;
    /// Room that is promised to those who write just now.
    private final AtomicLong promised = new AtomicLong();

    /// @param parent of the directory of contents, and of what may become one
    Blobs(Path parent) throws IOException {
        this.parent = parent;
        directory = Files.createDirectories(parent.resolve("sha256"));
    }

    /// A digest that another program has made in a way that is not known here cannot be checked.
    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    /// @param content read to its end
    public static String digest(InputStream content) throws IOException {
        var sha = Sha256.digest();
        new DigestInputStream(content, sha).transferTo(OutputStream.nullOutputStream());
        return named(sha);
    }

    private static String named(MessageDigest sha) {
        return "sha256:" + HexFormat.of().formatHex(sha.digest());
    }

    private Path place(String digest) {
        return directory.resolve(digest.substring(ALGORITHM));
    }

    /// Where a content is, if it is here.
    public Optional<Path> find(String digest) {
        return isDigest(digest) && Files.exists(place(digest)) ? Optional.of(place(digest)) : Optional.empty();
    }

    public boolean has(String digest) {
        return find(digest).isPresent();
    }

    /// @throws IOException when it is not here
    public Path file(String digest) throws IOException {
        if (!has(digest)) throw new IOException("there is no content " + digest);
        return place(digest);
    }

    public long size(String digest) throws IOException {
        return Files.size(file(digest));
    }

    /// A directory on the same disk.
    Path beside() {
        return parent;
    }

    /// A new file beside the contents, to become one of them.
    public Path draft() throws IOException {
        return Files.createTempFile(beside(), "blob", ".tmp");
    }

    /// Moves a file here and returns its digest.
    public String add(Path file) throws IOException {
        return add(file, Optional.empty());
    }

    /// The same, if it has this digest; otherwise it is lost.
    public String add(Path file, Optional<String> wanted) throws IOException {
        var draft = draft();
        try {
            Files.move(file, draft, StandardCopyOption.REPLACE_EXISTING);
            String digest;
            try (var content = Files.newInputStream(draft)) {
                digest = digest(content);
            }
            if (wanted.isPresent() && !wanted.get().equals(digest)) return digest;
            Files.setLastModifiedTime(draft, FileTime.from(Instant.now()));
            Files.move(draft, place(digest), StandardCopyOption.ATOMIC_MOVE);
            return digest;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    public String add(byte[] content) throws IOException {
        var draft = draft();
        try {
            Files.write(draft, content);
            return add(draft);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /// It counts as new: who adds it relies on it.
    void touch(String digest) throws IOException {
        Files.setLastModifiedTime(file(digest), FileTime.from(Instant.now()));
    }

    Instant since(String digest) throws IOException {
        return Files.getLastModifiedTime(file(digest)).toInstant();
    }

    boolean remove(String digest) throws IOException {
        return Files.deleteIfExists(place(digest));
    }

    /// The digests of all contents.
    List<String> all() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> "sha256:" + file.getFileName())
                    .filter(Blobs::isDigest)
                    .toList();
        }
    }

    /// What was begun and never became a content.
    void removeDrafts(Instant olderThan) throws IOException {
        try (var files = Files.list(beside())) {
            for (var file : files.toList()) {
                var name = file.getFileName().toString();
                if (name.endsWith(".tmp")) {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(olderThan)) Files.deleteIfExists(file);
                } else if (name.startsWith(UNPACKED) && touched(file).isBefore(olderThan)) RemovedFiles.of(file);
            }
        }
    }

    /// When something was last written in a directory: a long file changes the time of the directory once only.
    private static Instant touched(Path directory) throws IOException {
        var last = Instant.MIN;
        try (var files = Files.walk(directory)) {
            for (var file : files.toList()) {
                var time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant();
                if (time.isAfter(last)) last = time;
            }
        }
        return last;
    }

    /// Promises room, whether it is there or not: several who write at a time must not all count on the same. Who is
    /// promised it asks for no more than that, and gives it back.
    public void promise(long bytes) {
        long ignored = promised.addAndGet(bytes);
    }

    /// Gives back what was promised: it is written by now, or will not be.
    public void release(long bytes) {
        long ignored = promised.addAndGet(-bytes);
    }

    /// @param bytes that are to be written, besides those promised
    /// @throws NoRoomException when the disk had too little left then
    public void requireRoom(long bytes) throws IOException {
        long left = Files.getFileStore(directory).getUsableSpace();
        long wanted = bytes + promised.get();
        if (left - wanted < SPARED)
            throw new NoRoomException("no room for " + (wanted >> 20) + " MiB: the disk of " + directory + " has "
                    + (left >> 20) + " MiB left, of which " + (SPARED >> 20) + " MiB are for others");
    }
}
