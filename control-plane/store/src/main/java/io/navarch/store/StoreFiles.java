package io.navarch.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.Snapshot;
import org.rocksdb.TablePropertiesCollectorFactory;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/// The database below a store. All that is native is made, used and freed here: each use is inside the gate, and each
/// answer is looked at for damage.
final class StoreFiles implements AutoCloseable {
    /// So many removals among so many rows of a file that follow each other: it is merged soon, since every walk has to
    /// step over them.
    private static final int REMOVALS = 1024;

    private static final int WINDOW = 4096;

    private final Path directory;
    private final Failures failures;
    private final NativeGate gate = new NativeGate();
    /// What is to be freed, the last first.
    private final Deque<RocksObject> owned = new ArrayDeque<>();
    private final StoreFormat format;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final WriteOptions durable;
    private final WriteOptions lazily;
    private final CompactRangeOptions rewriting;

    /// @throws StoreDamagedException when the files cannot be opened as they are
    /// @throws StoreRefusedException when they are another's
    StoreFiles(Path directory) {
        this.directory = directory;
        failures = new Failures(directory);
        var native_ = System.getProperty("navarch.native.dir");
        if (native_ != null) RocksDB.loadLibrary(List.of(native_));
        else RocksDB.loadLibrary();
        durable = own(new WriteOptions().setSync(true));
        lazily = own(new WriteOptions().setLowPri(true));
        rewriting = own(new CompactRangeOptions()
                .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce));
        try {
            Files.createDirectories(directory);
            format = StoreFormat.of(directory);
            var options = own(options(format.revision() == 0));
            var columns = own(columns());
            var ascending = own(new ColumnFamilyOptions(columns).setCompactionStyle(CompactionStyle.UNIVERSAL));
            var descriptors = Arrays.stream(Family.values())
                    .map(family -> new ColumnFamilyDescriptor(family.title(), family.ascending() ? ascending : columns))
                    .toList();
            database = open(options, descriptors);
            var opened = families.iterator();
            for (var family : Family.values()) handles.put(family, opened.next());
        } catch (RocksDBException e) {
            free(null);
            var user = StoreLock.user(directory, e);
            if (user.isPresent()) throw new StoreRefusedException(user.get());
            throw unopened(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            free(null);
            throw unopened(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            free(null);
            throw e;
        }
    }

    private RocksDB open(DBOptions options, List<ColumnFamilyDescriptor> descriptors)
            throws RocksDBException, IOException {
        try {
            return RocksDB.open(options, directory.toString(), descriptors, families);
        } catch (RocksDBException e) {
            if (StoreLock.user(directory, e).isPresent()
                    || !Files.exists(directory.resolve("CURRENT"))
                    || !TornTail.cut(directory)) throw e;
            families.clear();
            return RocksDB.open(options, directory.toString(), descriptors, families);
        }
    }

    private StoreDamagedException unopened(String why, Exception cause) {
        var advice = why.contains(Reserve.NO_SPACE)
                ? " (nothing was lost; make some space)"
                : " (nothing was changed; `navarch store check` says more, `navarch store repair` makes the best of it;"
                        + " or restore the directory from a backup)";
        return new StoreDamagedException("cannot open the store in " + directory + ": " + why + advice, cause);
    }

    private <T extends RocksObject> T own(T object) {
        owned.push(object);
        return object;
    }

    private static DBOptions options(boolean create) {
        return new DBOptions()
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(create)
                .setParanoidChecks(true)
                // Families go to files together, so that no damage can make one older than another.
                .setAtomicFlush(true)
                .setDbWriteBufferSize(24 << 20)
                .setMaxTotalWalSize(64 << 20)
                .setMaxManifestFileSize(1 << 20)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setMaxBackgroundJobs(2)
                // A record torn by a crash was never acknowledged; damage anywhere else must not be passed over.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
    }

    private ColumnFamilyOptions columns() {
        var cache = own(new LRUCache(16 << 20));
        var filter = own(new BloomFilter(10));
        var removals = own(TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(WINDOW, REMOVALS, 0.5));
        try (var all = new Options()) {
            all.setTablePropertiesCollectorFactory(List.of(removals));
            return new ColumnFamilyOptions(all)
                    .setWriteBufferSize(8 << 20)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setTableFormatConfig(
                            new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
        }
    }

    StoreFormat format() {
        return format;
    }

    Path directory() {
        return directory;
    }

    private ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(handles.get(family));
    }

    byte @Nullable [] get(Family family, byte[] key) {
        try (var use = gate.enter()) {
            return database.get(handle(family), key);
        } catch (RocksDBException e) {
            throw failures.of("read", e);
        }
    }

    /// A walk over the rows of a family as they are now.
    ///
    /// @param end where it ends at the latest; `null` for nowhere
    Walk walk(Family family, byte @Nullable [] end) {
        var use = gate.enter();
        try {
            return new Walk(failures, use, database, handle(family), new Walk.Bounds(end, null), true);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    /// A walk over everything that leaves in memory what is read often.
    Walk scan(Family family) {
        var use = gate.enter();
        try {
            return new Walk(failures, use, database, handle(family), Walk.Bounds.NONE, false);
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    /// All rows as they are now, whatever is written while they are read.
    final class Frozen implements AutoCloseable {
        private final NativeGate.Use use = gate.enter();
        private final Snapshot snapshot = Objects.requireNonNull(database.getSnapshot());

        private Frozen() {}

        /// Leaves in memory what is read often.
        Walk scan(Family family) {
            var own = gate.enter();
            try {
                return new Walk(failures, own, database, handle(family), new Walk.Bounds(null, snapshot), false);
            } catch (RuntimeException | Error e) {
                own.close();
                throw e;
            }
        }

        @Override
        public void close() {
            database.releaseSnapshot(snapshot);
            snapshot.close();
            use.close();
        }
    }

    Frozen frozen() {
        return new Frozen();
    }

    /// Writes all of it or nothing.
    ///
    /// @param wait until it would survive a loss of power; later writes that wait make earlier ones durable as well
    void write(boolean wait, Changes.Content content) {
        try (var use = gate.enter();
                var changes = new Changes(handles)) {
            content.write(changes);
            database.write(wait ? durable : lazily, changes.batch());
        } catch (RocksDBException e) {
            throw failures.of("written", e);
        }
    }

    /// Writes out what is only in the write-ahead log.
    void flush() {
        try (var use = gate.enter();
                var flush = new FlushOptions().setWaitForFlush(true)) {
            database.flush(flush, families);
        } catch (RocksDBException e) {
            throw failures.of("written", e);
        }
    }

    /// Reads every block of every file.
    void verify() {
        try (var use = gate.enter()) {
            database.verifyChecksum();
        } catch (RocksDBException e) {
            throw failures.of("read", e);
        }
    }

    /// Merges all files of each family into new ones.
    void rewrite() {
        flush();
        try (var use = gate.enter()) {
            for (var family : families) database.compactRange(family, null, null, rewriting);
        } catch (RocksDBException e) {
            throw failures.of("written anew", e);
        }
    }

    /// The work that this thread makes for the files, for tests that count it.
    final class Counted {
        private Counted() {}

        void reset() {
            try (var use = gate.enter()) {
                database.getPerfContext().reset();
            }
        }

        /// Rows and marks of removed rows that were stepped over.
        long skipped() {
            try (var use = gate.enter()) {
                var context = database.getPerfContext();
                return context.getInternalKeySkippedCount() + context.getInternalDeleteSkippedCount();
            }
        }
    }

    Counted counted(PerfLevel level) {
        database.setPerfLevel(level);
        return new Counted();
    }

    @Override
    public void close() {
        rewriting.setCanceled(true);
        gate.close();
        free(database);
    }

    /// @param open nothing when opening has failed
    private void free(@Nullable RocksDB open) {
        families.forEach(ColumnFamilyHandle::close);
        if (open != null) open.close();
        owned.forEach(RocksObject::close);
    }
}
