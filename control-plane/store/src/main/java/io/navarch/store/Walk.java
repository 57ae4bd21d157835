package io.navarch.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// A walk over rows in the order of their keys. An end is an end only when the files say that it is not damage.
final class Walk implements AutoCloseable {
    private final Failures failures;
    private final NativeGate.Use use;
    private final @Nullable Slice end;
    private final ReadOptions options;
    private final RocksIterator iterator;

    /// What a walk sees.
    ///
    /// @param end where it ends at the latest; `null` for nowhere
    /// @param at the moment whose rows it sees; `null` for now
    record Bounds(byte @Nullable [] end, @Nullable Snapshot at) {
        static final Bounds NONE = new Bounds(null, null);
    }

    /// Takes over the use of the files.
    Walk(
            Failures failures,
            NativeGate.Use use,
            RocksDB database,
            ColumnFamilyHandle family,
            Bounds bounds,
            boolean cached) {
        this.failures = failures;
        this.use = use;
        var last = bounds.end();
        end = last == null ? null : new Slice(last);
        options = new ReadOptions().setFillCache(cached);
        if (bounds.at() != null) options.setSnapshot(bounds.at());
        if (end != null) options.setIterateUpperBound(end);
        iterator = database.newIterator(family, options);
    }

    /// To the first row that is not before this key.
    ///
    /// @return whether there is one
    boolean seek(byte[] key) {
        iterator.seek(key);
        return valid();
    }

    boolean seekToLast() {
        iterator.seekToLast();
        return valid();
    }

    boolean next() {
        iterator.next();
        return valid();
    }

    boolean previous() {
        iterator.prev();
        return valid();
    }

    private boolean valid() {
        if (iterator.isValid()) return true;
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw failures.of("read", e);
        }
        return false;
    }

    byte[] key() {
        return iterator.key();
    }

    byte[] value() {
        return iterator.value();
    }

    /// Copies the value's beginning; the rest stays where it is.
    void value(ByteBuffer direct) {
        iterator.value(direct);
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        if (end != null) end.close();
        use.close();
    }
}
