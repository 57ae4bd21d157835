package io.navarch.apps.snapshot;

import io.navarch.objects.Json;
import io.navarch.objects.Sha256;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import io.navarch.store.StoreSnapshot;
import io.navarch.store.StoreSnapshot.Contents;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A snapshot in a file: a line that says what it is, packed the cluster's files and what its store holds, then who
/// made it and when, and at the very end the SHA-256 of all before. Where one bit of it has changed it is refused.
///
/// @param cluster which one it is of, as [#cluster] tells it; `""` where it has no authority yet
/// @param revision of the store
public record SnapshotFile(
        Path path, String cluster, String version, Instant time, long revision, long keys, long bytes) {
    private static final String WORD = "navarch-snapshot ";

    /// Raised when older programs could not read what newer ones write.
    static final int FORMAT = 1;

    private static final String LINE = WORD + FORMAT + "\n";
    private static final int SUM = 32;
    private static final int LONGEST_TRAILER = 64 << 10;
    private static final int BUFFER = 64 << 10;

    /// What the name of one ends with that is not complete.
    static final String PART = ".part";

    /// So often the cluster's files may change while its store is read.
    private static final int TRIES = 5;

    private static final int IDENTITY = 12;

    /// Where what the store holds comes from; it may be asked more than once.
    public interface Source {
        Contents write(OutputStream out) throws IOException, InterruptedException;
    }

    /// Gives a file its name.
    interface Naming {
        void name(Path name, Path file) throws IOException;
    }

    /// What a cluster is told apart by: the beginning of the sum of its authority's certificate. One that gets a new
    /// authority counts as another from then on, so that what was kept of it stays.
    static String cluster(Path data) throws IOException {
        var authority = data.resolve("pki/ca.crt");
        if (!Files.exists(authority)) return "";
        return Sha256.hex(Files.readAllBytes(authority)).substring(0, IDENTITY);
    }

    /// A file is there whole or not at all, for nobody else to read, since it has the keys of the cluster; it lasts.
    ///
    /// @param data the directory whose files belong to it
    /// @throws FileAlreadyExistsException when there is one of that name
    public static SnapshotFile write(Path file, Path data, Source source, String version, Instant now)
            throws IOException, InterruptedException {
        var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Files.createDirectories(directory);
        if (Files.exists(file)) throw new FileAlreadyExistsException(file + " is there already");
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = Files.createTempFile(directory, "." + file.getFileName() + ".", PART, mine);
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                content(channel, data, source, version, now);
                channel.force(true);
            }
            name(file, fresh, Files::createLink);
        } finally {
            Files.deleteIfExists(fresh);
        }
        AtomicFile.persistNames(directory);
        return look(file);
    }

    /// Replaces nothing, also where there are no links, such as on FAT and some shares.
    static void name(Path name, Path file, Naming link) throws IOException {
        try {
            link.name(name, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.move(file, name);
        }
    }

    /// What it holds may be encrypted with a key that was made after the files were read, or was given up before the
    /// store was: then all is read anew.
    private static void content(FileChannel to, Path data, Source source, String version, Instant now)
            throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            to.truncate(0);
            var kept = attempt(Channels.newOutputStream(to), data, source, version, now);
            if (Arrays.equals(kept, KeptFiles.sum(data))) return;
        }
        throw new IOException("the cluster's files in " + data + " change again and again: no snapshot was made");
    }

    /// @return the sum of the files in it
    private static byte[] attempt(OutputStream to, Path data, Source source, String version, Instant now)
            throws IOException, InterruptedException {
        var sum = Sha256.digest();
        var out = new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(to, sum), BUFFER));
        out.write(LINE.getBytes(StandardCharsets.US_ASCII));
        var packed = new Packed(out);
        var inner = new DataOutputStream(packed);
        var kept = KeptFiles.write(data, inner);
        inner.flush();
        var contents = source.write(inner);
        packed.close();
        var trailer = new LinkedHashMap<String, Object>();
        trailer.put("cluster", cluster(data));
        trailer.put("version", version);
        trailer.put("time", now.toString());
        trailer.put("revision", contents.revision());
        trailer.put("keys", contents.keys());
        var bytes = Json.write(trailer);
        out.write(bytes);
        out.writeInt(bytes.length);
        out.flush();
        to.write(sum.digest());
        return kept;
    }

    /// Packs what is written; what follows is not packed, and its writer stays open.
    private static final class Packed extends GZIPOutputStream {
        Packed(OutputStream out) throws IOException {
            super(out, BUFFER);
            // Whoever serves beside it wants the processor.
            def.setLevel(Deflater.BEST_SPEED);
        }

        @Override
        public void close() throws IOException {
            finish();
            def.end();
        }
    }

    /// What a file says of itself. Nobody has looked whether it is whole.
    ///
    /// @throws IOException when it is no snapshot, one of a newer version, or has no end
    public static SnapshotFile look(Path file) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "r")) {
            var line = new byte[LINE.length()];
            if (access.length() < line.length) throw new IOException(file + " is no snapshot of Navarch");
            access.readFully(line);
            format(file, new String(line, StandardCharsets.ISO_8859_1));
            long end = access.length() - SUM - Integer.BYTES;
            if (end < line.length) throw cut(file);
            access.seek(end);
            int length = access.readInt();
            if (length < 2 || length > LONGEST_TRAILER || end - length < line.length) throw cut(file);
            access.seek(end - length);
            var trailer = new byte[length];
            access.readFully(trailer);
            var said = View.of(Json.parse(trailer));
            return new SnapshotFile(
                    file,
                    said.get("cluster").string(),
                    said.get("version").string(),
                    Instant.parse(said.get("time").string()),
                    said.get("revision").longOr(-1),
                    said.get("keys").longOr(-1),
                    access.length());
        } catch (Json.MalformedException | DateTimeParseException e) {
            throw cut(file);
        }
    }

    private static void format(Path file, String line) throws IOException {
        if (line.equals(LINE)) return;
        if (line.matches("(?s)" + WORD + "[2-9].*"))
            throw new IOException(file + " was made by a newer version of Navarch; this one reads format " + FORMAT);
        throw new IOException(file + " is no snapshot of Navarch");
    }

    private static IOException cut(Path file) {
        return new IOException(file + " is cut short or damaged: it has no proper end");
    }

    /// Reads all of it.
    ///
    /// @throws IOException unless every bit is as it was written
    public static SnapshotFile verify(Path file) throws IOException {
        var said = look(file);
        var sum = Sha256.digest();
        byte[] told;
        try (var in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            var digested = new DigestInputStream(in, sum);
            skip(digested, said.bytes - SUM);
            told = in.readNBytes(SUM + 1);
        }
        if (!MessageDigest.isEqual(sum.digest(), told))
            throw new IOException(file + " is cut short or damaged: its checksum is another");
        var contents = read(
                file,
                (name, permissions, content) -> {},
                in -> StoreSnapshot.copy(in, OutputStream.nullOutputStream()));
        if (contents.revision() != said.revision || contents.keys() != said.keys)
            throw new IOException(file + " says of itself what is not so");
        return said;
    }

    private static void skip(InputStream in, long length) throws IOException {
        var buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) return;
            left -= read;
        }
    }

    /// What is done with the store's part.
    interface Sink {
        Contents read(InputStream in) throws IOException;
    }

    /// Reads what is in it; whether it is whole is for [#verify] to say.
    static Contents read(Path file, KeptFiles.Reader files, Sink store) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            in.skipNBytes(LINE.length());
            var packed = new DataInputStream(new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER));
            KeptFiles.read(packed, files);
            return store.read(packed);
        }
    }
}
