package io.navarch.store;

import java.util.Map;
import java.util.Objects;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Changes of rows that are made together or not at all.
final class Changes implements AutoCloseable {
    private final WriteBatch batch = new WriteBatch();
    private final Map<Family, ColumnFamilyHandle> families;

    /// What is to be changed.
    interface Content {
        void write(Changes changes) throws RocksDBException;
    }

    Changes(Map<Family, ColumnFamilyHandle> families) {
        this.families = families;
    }

    WriteBatch batch() {
        return batch;
    }

    private ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(handle(family), key, value);
    }

    void delete(Family family, byte[] key) throws RocksDBException {
        batch.delete(handle(family), key);
    }

    /// Removes a row of a key that is written once in its life and removed once. Both are gone as soon as they meet,
    /// while the mark of an ordinary removal stays until it has reached the oldest file.
    void remove(Family family, byte[] key) throws RocksDBException {
        batch.singleDelete(handle(family), key);
    }

    void removeRange(Family family, byte[] start, byte[] end) throws RocksDBException {
        batch.deleteRange(handle(family), start, end);
    }

    @Override
    public void close() {
        batch.close();
    }
}
