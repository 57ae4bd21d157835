package io.navarch.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// How the log is laid out in RocksDB, in three column families:
///
/// - `default`: key, 0, inverted revision → flag, create revision, version, value (the newest version of a key first)
/// - `log`: revision → key
/// - `expiry`: second of expiry, revision → key
///
/// plus `compacted` and `revision` under keys that start with 0 in `default`.
final class RocksLog implements AutoCloseable {
    private static final byte LIVE = 1;
    private static final byte DELETED = 0;
    private static final byte[] COMPACTED = {0, 'c'};

    /// How many versions are removed in one write.
    private static final int BATCH = 4096;

    private final RocksDB database;
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final WriteOptions durable;
    private final LRUCache cache;

    /// @throws StoreDamagedException when the files cannot be opened as they are
    RocksLog(Path directory) {
        var native_ = System.getProperty("navarch.native.dir");
        if (native_ != null) RocksDB.loadLibrary(List.of(native_));
        else RocksDB.loadLibrary();
        durable = new WriteOptions().setSync(true);
        cache = new LRUCache(16 << 20);
        var columns = new ColumnFamilyOptions()
                .setWriteBufferSize(8 << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache));
        var options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setMaxTotalWalSize(64 << 20)
                .setKeepLogFileNum(2)
                .setMaxBackgroundJobs(2)
                // A record torn by a crash was never acknowledged; damage anywhere else must not be passed over.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
        try {
            Files.createDirectories(directory);
            var descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, columns),
                    new ColumnFamilyDescriptor("log".getBytes(StandardCharsets.US_ASCII), columns),
                    new ColumnFamilyDescriptor("expiry".getBytes(StandardCharsets.US_ASCII), columns));
            database = RocksDB.open(options, directory.toString(), descriptors, families);
        } catch (RocksDBException | IOException e) {
            throw new StoreDamagedException(
                    "cannot open the store in " + directory + ": " + e.getMessage()
                            + " (nothing was changed; restore the directory from a backup, or move it away to begin anew)",
                    e);
        }
    }

    /// One write, ready to be stored.
    record Entry(
            long revision, String key, byte @Nullable [] value, long createRevision, long version, long expiresAt) {}

    /// What a key was at a revision; `value` is `null` once it is deleted.
    record Version(byte @Nullable [] value, long createRevision, long modRevision, long version) {}

    static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static byte[] versionKey(byte[] key, long revision) {
        return ByteBuffer.allocate(key.length + 9)
                .put(key)
                .put((byte) 0)
                .putLong(~revision)
                .array();
    }

    private static byte[] keyOf(byte[] versionKey) {
        return Arrays.copyOf(versionKey, versionKey.length - 9);
    }

    private static long revisionOf(byte[] versionKey) {
        return ~ByteBuffer.wrap(versionKey, versionKey.length - 8, 8).getLong();
    }

    private static Version decode(long revision, byte[] stored) {
        var buffer = ByteBuffer.wrap(stored);
        boolean live = buffer.get() == LIVE;
        long create = buffer.getLong();
        long version = buffer.getLong();
        return new Version(live ? Arrays.copyOfRange(stored, 17, stored.length) : null, create, revision, version);
    }

    void write(List<Entry> entries) {
        try (var batch = new WriteBatch()) {
            for (var entry : entries) {
                var key = bytes(entry.key);
                var value = entry.value == null ? new byte[0] : entry.value;
                var stored = ByteBuffer.allocate(17 + value.length)
                        .put(entry.value == null ? DELETED : LIVE)
                        .putLong(entry.createRevision)
                        .putLong(entry.version)
                        .put(value)
                        .array();
                batch.put(versionKey(key, entry.revision), stored);
                batch.put(families.get(1), number(entry.revision), key);
                if (entry.expiresAt > 0) {
                    var expiry = ByteBuffer.allocate(16)
                            .putLong(entry.expiresAt)
                            .putLong(entry.revision)
                            .array();
                    batch.put(families.get(2), expiry, key);
                }
            }
            database.write(durable, batch);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the store cannot be written: " + e.getMessage(), e);
        }
    }

    /// The version of the key that was current at `revision`.
    Optional<Version> version(String key, long revision) {
        var name = bytes(key);
        try (var iterator = database.newIterator()) {
            iterator.seek(versionKey(name, revision));
            if (!iterator.isValid()) return Optional.empty();
            var found = iterator.key();
            if (found.length != name.length + 9 || !Arrays.equals(keyOf(found), name)) return Optional.empty();
            return Optional.of(decode(revisionOf(found), iterator.value()));
        }
    }

    /// Live versions at `revision` in key order, one more than `limit` at the most.
    List<Store.KeyValue> range(String start, String end, long revision, int limit) {
        var result = new ArrayList<Store.KeyValue>();
        walk(start, end, revision, (key, modified, iterator) -> {
            var version = decode(modified, iterator.value());
            var value = version.value;
            if (value != null) {
                var name = new String(key, StandardCharsets.UTF_8);
                result.add(new Store.KeyValue(name, value, version.createRevision, modified, version.version));
            }
            return result.size() <= limit;
        });
        return result;
    }

    /// Counts live versions; values are not read.
    long count(String start, String end, long revision) {
        var flag = ByteBuffer.allocateDirect(1);
        var live = new long[1];
        walk(start, end, revision, (key, modified, iterator) -> {
            iterator.value(flag.clear());
            if (flag.get(0) == LIVE) live[0]++;
            return true;
        });
        return live[0];
    }

    private interface Visitor {
        /// Is given the version of a key that was current; the walk goes on while it answers true.
        boolean visit(byte[] key, long modified, RocksIterator iterator);
    }

    private void walk(String start, String end, long revision, Visitor visitor) {
        var first = bytes(start);
        var last = bytes(end);
        try (var iterator = database.newIterator(families.getFirst())) {
            byte[] taken = {};
            for (iterator.seek(first); iterator.isValid(); iterator.next()) {
                var found = iterator.key();
                if (Arrays.compareUnsigned(found, last) >= 0) return;
                var key = keyOf(found);
                long modified = revisionOf(found);
                // The versions of a key lie after its name and a zero, so a start that ends in one finds the key
                // itself.
                boolean inside = Arrays.compareUnsigned(key, first) >= 0;
                if (!inside || modified > revision || Arrays.equals(key, taken)) continue;
                taken = key;
                if (!visitor.visit(key, modified, iterator)) return;
            }
        }
    }

    /// The events from `from` on, at most `limit`.
    List<Store.Event> log(long from, int limit) {
        var result = new ArrayList<Store.Event>();
        try (var iterator = database.newIterator(families.get(1))) {
            for (iterator.seek(number(from)); iterator.isValid() && result.size() < limit; iterator.next()) {
                long revision = ByteBuffer.wrap(iterator.key()).getLong();
                var key = new String(iterator.value(), StandardCharsets.UTF_8);
                var version = version(key, revision).orElseThrow();
                result.add(new Store.Event(revision, key, version.value, version.createRevision));
            }
        }
        return result;
    }

    long lastRevision() {
        try (var iterator = database.newIterator(families.get(1))) {
            iterator.seekToLast();
            return Math.max(iterator.isValid() ? ByteBuffer.wrap(iterator.key()).getLong() : 1, compacted());
        }
    }

    long compacted() {
        try {
            var stored = database.get(COMPACTED);
            return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        } catch (RocksDBException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    /// Keys that have expired, with the revision that set their time.
    List<Store.KeyValue> expired(long second, int limit) {
        var result = new ArrayList<Store.KeyValue>();
        try (var iterator = database.newIterator(families.get(2))) {
            for (iterator.seekToFirst(); iterator.isValid() && result.size() < limit; iterator.next()) {
                var key = ByteBuffer.wrap(iterator.key());
                if (key.getLong() > second) break;
                result.add(new Store.KeyValue(
                        new String(iterator.value(), StandardCharsets.UTF_8), iterator.key(), 0, key.getLong(8), 0));
            }
        }
        return result;
    }

    void forgetExpiry(byte[] expiryKey) {
        try {
            database.delete(families.get(2), expiryKey);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the store cannot be written: " + e.getMessage(), e);
        }
    }

    /// Removes overwritten versions and deletions up to `revision`, and the beginning of the log.
    ///
    /// Versions go a batch at a time, the log last: whatever happens in between,
    /// the next compaction finds the rest.
    void compact(long revision) {
        try (var iterator = database.newIterator(families.get(1));
                var versions = database.newIterator();
                var lazily = new WriteOptions()) {
            database.put(durable, COMPACTED, number(revision));
            // A key may have been written very often; all of its versions are visited together.
            var seen = new HashSet<ByteBuffer>();
            var batch = new WriteBatch();
            try {
                for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                    if (ByteBuffer.wrap(iterator.key()).getLong() > revision) break;
                    var key = iterator.value();
                    if (!seen.add(ByteBuffer.wrap(key))) continue;
                    boolean newest = true;
                    for (versions.seek(versionKey(key, revision)); versions.isValid(); versions.next()) {
                        var found = versions.key();
                        if (found.length != key.length + 9 || !Arrays.equals(keyOf(found), key)) break;
                        if (!newest || versions.value()[0] == DELETED) batch.delete(found);
                        newest = false;
                        if (batch.count() < BATCH) continue;
                        database.write(lazily, batch);
                        batch.clear();
                    }
                }
                batch.deleteRange(families.get(1), number(0), number(revision + 1));
                database.write(durable, batch);
            } finally {
                batch.close();
            }
        } catch (RocksDBException e) {
            throw new IllegalStateException("the store cannot be compacted: " + e.getMessage(), e);
        }
    }

    /// Writes out what is only in the write-ahead log, and merges all files of each family into new ones.
    void rewriteFiles() {
        try (var flush = new FlushOptions().setWaitForFlush(true);
                var all = new CompactRangeOptions()
                        .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
            database.flush(flush, families);
            for (var family : families) database.compactRange(family, null, null, all);
        } catch (RocksDBException e) {
            throw new IllegalStateException("the store's files cannot be written anew: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        families.forEach(ColumnFamilyHandle::close);
        database.close();
        durable.close();
        cache.close();
    }
}
