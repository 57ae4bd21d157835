package io.navarch.images;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// The files of an archive or a directory, by their names in it.
///
/// These names and links are data: files of an archive are kept under numbers, links are looked up in a table, and
/// nothing of an archive ever names a file of this machine.
final class ArchiveFiles implements AutoCloseable {
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_LINKS = 16;
    private static final int ZSTANDARD = 0xfd2fb528;

    private final Path archive;
    /// Where the files of an archive are kept.
    private final Path work;
    private final Blobs blobs;
    /// By the name in the archive.
    private final Map<String, Path> files = new HashMap<>();
    /// By the name in the archive, to another name in it.
    private final Map<String, String> links = new HashMap<>();

    private ArchiveFiles(Path archive, Path work, Blobs blobs) {
        this.archive = archive;
        this.work = work;
        this.blobs = blobs;
    }

    /// @param blobs on whose disk it is unpacked, so that its files can be moved there
    static ArchiveFiles open(Path archive, Blobs blobs) throws IOException {
        var work = Files.createTempDirectory(blobs.beside(), Blobs.UNPACKED);
        var opened = new ArchiveFiles(archive, work, blobs);
        try {
            if (!Files.isDirectory(archive)) opened.unpack();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void unpack() throws IOException {
        try (var tar = new TarArchiveInputStream(plain(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var name = inside("", entry.getName());
                if (entry.isDirectory()) continue;
                if (files.size() + links.size() >= MOST_ENTRIES)
                    throw new IOException(archive + " has more than " + MOST_ENTRIES + " entries");
                // The size that it tells is not the one that it has here.
                if (entry.isSparse())
                    throw new IOException(archive + ": " + name + " is sparse, which is not read here");
                if (entry.isSymbolicLink()) links.put(name, inside(parent(name), entry.getLinkName()));
                else if (entry.isLink()) links.put(name, inside("", entry.getLinkName()));
                else if (entry.isFile()) {
                    if (files.containsKey(name)) continue;
                    // An archive may be packed much smaller than it is.
                    blobs.requireRoom(entry.getSize());
                    var target = work.resolve(String.valueOf(files.size()));
                    Files.copy(tar, target);
                    files.put(name, target);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(archive + " is no archive: " + e.getMessage(), e);
        } catch (IOException e) {
            // What others say of it does not name it.
            if (String.valueOf(e.getMessage()).startsWith(archive.toString()) || e instanceof NoRoomException) throw e;
            throw new IOException(archive + " cannot be read: " + e.getMessage(), e);
        }
    }

    private InputStream plain(Path archive) throws IOException {
        var stream = new BufferedInputStream(Files.newInputStream(archive));
        stream.mark(4);
        var start = stream.readNBytes(4);
        stream.reset();
        if (start.length == 4 && number(start) == ZSTANDARD) {
            stream.close();
            throw new IOException(archive + " is packed by zstd, which is not read here: zstd -d unpacks it");
        }
        return isGzip(start) ? new GZIPInputStream(stream) : stream;
    }

    private static int number(byte[] bytes) {
        return bytes[0] & 255 | (bytes[1] & 255) << 8 | (bytes[2] & 255) << 16 | (bytes[3] & 255) << 24;
    }

    static boolean isGzip(byte[] start) {
        return start.length >= 2 && (start[0] & 255) == 0x1f && (start[1] & 255) == 0x8b;
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /// A name in the archive, seen from one of its directories.
    private String inside(String directory, String name) throws IOException {
        var parts = new ArrayList<String>();
        if (!directory.isEmpty()) parts.addAll(List.of(directory.split("/")));
        if (name.startsWith("/")) throw leadsOut(name);
        for (var part : name.split("/")) {
            if (part.equals("..") && parts.isEmpty()) throw leadsOut(name);
            if (part.equals("..")) parts.removeLast();
            else if (!part.isEmpty() && !part.equals(".")) parts.add(part);
        }
        return String.join("/", parts);
    }

    private IOException leadsOut(String name) {
        return new IOException(archive + ": " + name + " leads out of the archive");
    }

    boolean has(String name) throws IOException {
        return find(name).isPresent();
    }

    /// The file of this name, or the one that a link of this name means.
    Path file(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException(archive + " has no file " + name));
    }

    private Optional<Path> find(String name) throws IOException {
        var at = inside("", name);
        if (Files.isDirectory(archive)) return inDirectory(at);
        for (int i = 0; i < MOST_LINKS; i++) {
            var found = files.get(at);
            if (found != null) return Optional.of(found);
            var target = links.get(at);
            if (target == null) break;
            at = target;
        }
        return Optional.empty();
    }

    private Optional<Path> inDirectory(String name) throws IOException {
        var file = archive.resolve(name);
        if (!Files.isRegularFile(file)) return Optional.empty();
        if (!file.toRealPath().startsWith(archive.toRealPath())) throw leadsOut(name);
        return Optional.of(file);
    }

    /// A file of its own with the content of the one of this name, which the caller may move away.
    Path copy(String name) throws IOException {
        var copy = Files.createTempFile(work, "copy", "");
        Files.delete(copy);
        var file = file(name);
        try {
            // Several images may share it.
            if (!Files.isDirectory(archive)) return Files.createLink(copy, file);
        } catch (UnsupportedOperationException e) {
            // Then it is copied.
        }
        blobs.requireRoom(Files.size(file));
        return Files.copy(file, copy);
    }

    @Override
    public String toString() {
        return archive.toString();
    }

    @Override
    public void close() throws IOException {
        RemovedFiles.of(work);
    }
}
