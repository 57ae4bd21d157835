package io.navarch.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How what is stored is written down as rows of bytes, in five families:
///
/// - `newest`: key → its newest revision, the one that created it, and how often it was written since; nothing for a
///   key that is deleted. To find it costs the same whatever the key and its neighbours have been through.
/// - `versions`: key, 0, inverted revision → flag, create revision, version, value
/// - `log`: revision → flag, the key's revision before, key. What a write has made obsolete is thereby known without
///   looking for it, so that the past is removed in the order in which it was made.
/// - `expiry`: second of expiry, revision → key
/// - `default`: how far the past is gone, under [#COMPACTED] and [#SWEPT]
final class Rows {
    /// All up to this revision may not be asked for any more.
    static final byte[] COMPACTED = {'c'};
    /// All up to this revision has been removed as well.
    static final byte[] SWEPT = {'s'};

    private static final byte LIVE = 1;
    private static final byte DELETED = 0;
    private static final int REVISION = 9;
    private static final int HEAD = 17;

    private Rows() {}

    /// What is known of a key that is there, but its value.
    record Head(long modRevision, long createRevision, long version) {
        byte[] encoded() {
            return ByteBuffer.allocate(24)
                    .putLong(modRevision)
                    .putLong(createRevision)
                    .putLong(version)
                    .array();
        }

        static Head decode(byte[] row) {
            if (row.length != 24) throw new StoreDamagedException("the row of a key's newest version is malformed");
            var buffer = ByteBuffer.wrap(row);
            return new Head(buffer.getLong(), buffer.getLong(), buffer.getLong());
        }
    }

    /// What a key was at a revision; `value` is `null` once it is deleted.
    record Version(byte @Nullable [] value, long createRevision, long modRevision, long version) {
        byte[] encoded() {
            var bytes = value == null ? new byte[0] : value;
            return ByteBuffer.allocate(HEAD + bytes.length)
                    .put(value == null ? DELETED : LIVE)
                    .putLong(createRevision)
                    .putLong(version)
                    .put(bytes)
                    .array();
        }

        static Version decode(long revision, byte[] row) {
            if (row.length < HEAD) throw new StoreDamagedException("the row of revision " + revision + " is malformed");
            var buffer = ByteBuffer.wrap(row);
            boolean live = buffer.get() == LIVE;
            return new Version(
                    live ? Arrays.copyOfRange(row, HEAD, row.length) : null,
                    buffer.getLong(),
                    revision,
                    buffer.getLong());
        }

        static boolean live(byte flag) {
            return flag == LIVE;
        }
    }

    /// @param previous the revision of the version that this write has replaced; 0 for none
    record Logged(boolean deletion, long previous, byte[] key) {
        byte[] encoded() {
            return ByteBuffer.allocate(REVISION + key.length)
                    .put(deletion ? DELETED : LIVE)
                    .putLong(previous)
                    .put(key)
                    .array();
        }

        static Logged decode(byte[] row) {
            if (row.length < REVISION) throw new StoreDamagedException("a row of the log is malformed");
            var buffer = ByteBuffer.wrap(row);
            return new Logged(buffer.get() == DELETED, buffer.getLong(), Arrays.copyOfRange(row, REVISION, row.length));
        }
    }

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static long number(byte[] row) {
        if (row.length != 8) throw new StoreDamagedException("a row that should be a number is malformed");
        return ByteBuffer.wrap(row).getLong();
    }

    static byte[] versionKey(byte[] key, long revision) {
        return ByteBuffer.allocate(key.length + REVISION)
                .put(key)
                .put((byte) 0)
                .putLong(~revision)
                .array();
    }

    /// Behind all versions of a key, and before those of the next.
    static byte[] behind(byte[] key) {
        var result = Arrays.copyOf(key, key.length + 1);
        result[key.length] = 1;
        return result;
    }

    static byte[] keyOf(byte[] versionKey) {
        if (versionKey.length < REVISION) throw new StoreDamagedException("the key of a version is malformed");
        return Arrays.copyOf(versionKey, versionKey.length - REVISION);
    }

    static long revisionOf(byte[] versionKey) {
        return ~ByteBuffer.wrap(versionKey, versionKey.length - 8, 8).getLong();
    }

    static byte[] expiryKey(long second, long revision) {
        return ByteBuffer.allocate(16).putLong(second).putLong(revision).array();
    }
}
