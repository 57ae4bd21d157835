package io.navarch.store;

import io.navarch.store.Rows.Head;
import io.navarch.store.Rows.Version;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a store holds at one revision, as a stream of bytes: every key with its value and revisions, and when it
/// expires, but no past. It does not depend on how rows are written down.
public final class StoreSnapshot {
    /// What a stream begins with; the last byte is the form of what follows.
    private static final int BEGINNING = 0x4e565301;

    private static final byte KEY = 1;
    private static final byte EXPIRY = 2;
    private static final byte END = 0;

    /// More than an API server would ever write: whoever reads a stream trusts nothing that it says.
    private static final int LONGEST_KEY = 64 << 10;

    private static final int LONGEST_ROW = 64 << 20;

    /// Keys are restored in groups of so many bytes.
    private static final long GROUP = 4 << 20;

    private StoreSnapshot() {}

    /// @param revision that it was taken at
    public record Contents(long revision, long keys) {}

    /// Is told how much was written, and may take its time.
    interface Pace {
        void written(int bytes) throws IOException;
    }

    /// Of a store that nobody uses.
    ///
    /// @throws StoreRefusedException when there is none, or somebody does
    public static Contents take(Path directory, OutputStream out) throws IOException {
        if (!Files.exists(directory.resolve("CURRENT")))
            throw new StoreRefusedException("there is no store in " + directory);
        var files = new StoreFiles(directory);
        try {
            return take(files, out, bytes -> {});
        } finally {
            files.close();
        }
    }

    static Contents take(StoreFiles files, OutputStream to, Pace pace) throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(to, 64 << 10));
        try (var frozen = files.frozen()) {
            long revision = revision(frozen);
            out.writeInt(BEGINNING);
            out.writeLong(revision);
            long keys = keys(frozen, out, pace);
            expiry(frozen, out, pace);
            out.writeByte(END);
            out.writeLong(keys);
            out.flush();
            return new Contents(revision, keys);
        }
    }

    private static long revision(StoreFiles.Frozen frozen) {
        long compacted = 0;
        try (var walk = frozen.scan(Family.DEFAULT)) {
            if (walk.seek(Rows.COMPACTED) && Arrays.equals(walk.key(), Rows.COMPACTED))
                compacted = Rows.number(walk.value());
        }
        try (var walk = frozen.scan(Family.LOG)) {
            return Math.max(walk.seekToLast() ? Rows.number(walk.key()) : 1, compacted);
        }
    }

    private static long keys(StoreFiles.Frozen frozen, DataOutputStream out, Pace pace) throws IOException {
        long keys = 0;
        byte[] last = {};
        try (var walk = frozen.scan(Family.VERSIONS)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) {
                var key = Rows.keyOf(walk.key());
                // The newest version of a key is its first.
                if (Arrays.equals(key, last)) continue;
                last = key;
                long modified = Rows.revisionOf(walk.key());
                var row = walk.value();
                if (Version.decode(modified, row).value() == null) continue;
                out.writeByte(KEY);
                out.writeInt(key.length);
                out.write(key);
                out.writeLong(modified);
                out.writeInt(row.length);
                out.write(row);
                keys++;
                pace.written(key.length + row.length);
            }
        }
        return keys;
    }

    private static void expiry(StoreFiles.Frozen frozen, DataOutputStream out, Pace pace) throws IOException {
        try (var walk = frozen.scan(Family.EXPIRY)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) {
                out.writeByte(EXPIRY);
                out.write(walk.key());
                out.writeInt(walk.value().length);
                out.write(walk.value());
                pace.written(walk.value().length);
            }
        }
    }

    /// What is done with what is read.
    private interface Reader {
        void key(byte[] key, long modified, byte[] row) throws IOException;

        void expiry(byte[] row, byte[] key) throws IOException;
    }

    /// Copies a stream, and sees to it that it is whole.
    public static Contents copy(InputStream in, OutputStream to) throws IOException {
        var out = new DataOutputStream(new BufferedOutputStream(to, 64 << 10));
        var data = new DataInputStream(in);
        long revision = begin(data);
        out.writeInt(BEGINNING);
        out.writeLong(revision);
        long keys = read(data, revision, new Reader() {
            @Override
            public void key(byte[] key, long modified, byte[] row) throws IOException {
                out.writeByte(KEY);
                out.writeInt(key.length);
                out.write(key);
                out.writeLong(modified);
                out.writeInt(row.length);
                out.write(row);
            }

            @Override
            public void expiry(byte[] row, byte[] key) throws IOException {
                out.writeByte(EXPIRY);
                out.write(row);
                out.writeInt(key.length);
                out.write(key);
            }
        });
        out.writeByte(END);
        out.writeLong(keys);
        out.flush();
        return new Contents(revision, keys);
    }

    private static long begin(DataInputStream in) throws IOException {
        int beginning = in.readInt();
        if (beginning != BEGINNING) throw malformed("it begins with " + Integer.toHexString(beginning));
        long revision = in.readLong();
        if (revision < 1) throw malformed("its revision is " + revision);
        return revision;
    }

    private static IOException malformed(String why) {
        return new IOException("this is no snapshot of a store: " + why);
    }

    private static long read(DataInputStream in, long revision, Reader reader) throws IOException {
        long keys = 0;
        byte[] last = {};
        while (true) {
            switch (in.readByte()) {
                case KEY -> {
                    var key = bytes(in, LONGEST_KEY);
                    if (Arrays.compareUnsigned(key, last) <= 0) throw malformed("its keys are not in order");
                    last = key;
                    long modified = in.readLong();
                    var row = bytes(in, LONGEST_ROW);
                    check(modified, revision, row);
                    reader.key(key, modified, row);
                    keys++;
                }
                case EXPIRY -> {
                    var row = new byte[16];
                    in.readFully(row);
                    reader.expiry(row, bytes(in, LONGEST_KEY));
                }
                case END -> {
                    long told = in.readLong();
                    if (told != keys) throw malformed(told + " keys are told of, and " + keys + " are there");
                    return keys;
                }
                default -> throw malformed("it has a row of an unknown sort");
            }
        }
    }

    private static void check(long modified, long revision, byte[] row) throws IOException {
        try {
            if (modified >= 1
                    && modified <= revision
                    && Version.decode(modified, row).value() != null) return;
        } catch (StoreDamagedException e) {
            throw new IOException(e.getMessage(), e);
        }
        throw malformed("a key has no value, or revision " + modified);
    }

    private static byte[] bytes(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) throw malformed("something in it is " + length + " bytes long");
        var bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException("it is cut short");
        return bytes;
    }

    /// Makes a store of a stream.
    ///
    /// Keys keep their revisions, so that whoever remembers an object finds it as it was. The store goes on far
    /// beyond the revision of the snapshot, and has no past. Revisions that were given after it are never given
    /// again, and whoever asks for changes since any of them is told to list anew.
    ///
    /// @param directory where nothing is yet
    /// @param bump how far it goes beyond
    public static Contents restore(InputStream in, Path directory, long bump) throws IOException {
        if (Files.exists(directory)) throw new StoreRefusedException(directory + " is there already");
        var files = new StoreFiles(directory);
        try {
            var data = new DataInputStream(in);
            long revision = begin(data);
            var restoring = new Restoring(files);
            long keys = read(data, revision, restoring);
            restoring.finish(Math.addExact(revision, bump));
            return new Contents(revision, keys);
        } finally {
            files.close();
        }
    }

    private static final class Restoring implements Reader {
        private final StoreFiles files;
        private final List<Changes.Content> group = new ArrayList<>();
        private long bytes;

        Restoring(StoreFiles files) {
            this.files = files;
        }

        @Override
        public void key(byte[] key, long modified, byte[] row) {
            var version = Version.decode(modified, row);
            var head = new Head(modified, version.createRevision(), version.version());
            add(
                    changes -> {
                        changes.put(Family.NEWEST, key, head.encoded());
                        changes.put(Family.VERSIONS, Rows.versionKey(key, modified), row);
                    },
                    key.length + row.length);
        }

        @Override
        public void expiry(byte[] row, byte[] key) {
            add(changes -> changes.put(Family.EXPIRY, row, key), key.length);
        }

        private void add(Changes.Content content, int size) {
            group.add(content);
            bytes += size;
            if (bytes >= GROUP) write();
        }

        private void write() {
            files.write(false, changes -> {
                for (var content : group) content.write(changes);
            });
            group.clear();
            bytes = 0;
        }

        void finish(long revision) throws IOException {
            write();
            files.write(true, changes -> {
                changes.put(Family.DEFAULT, Rows.COMPACTED, Rows.number(revision));
                changes.put(Family.DEFAULT, Rows.SWEPT, Rows.number(revision));
            });
            files.flush();
            files.format().reached(revision);
        }
    }
}
