package io.navarch.store;

import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Changes of rows that are made together or not at all.
final class Changes implements AutoCloseable {
    private final WriteBatch batch = new WriteBatch();
    private final List<ColumnFamilyHandle> families;

    /// What is to be changed.
    interface Content {
        void write(Changes changes) throws RocksDBException;
    }

    Changes(List<ColumnFamilyHandle> families) {
        this.families = families;
    }

    WriteBatch batch() {
        return batch;
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(families.get(family.ordinal()), key, value);
    }

    void delete(Family family, byte[] key) throws RocksDBException {
        batch.delete(families.get(family.ordinal()), key);
    }

    /// Removes a row of a key that is written once in its life and removed once. Both are gone as soon as they meet,
    /// while the mark of an ordinary removal stays until it has reached the oldest file.
    void remove(Family family, byte[] key) throws RocksDBException {
        batch.singleDelete(families.get(family.ordinal()), key);
    }

    void removeRange(Family family, byte[] start, byte[] end) throws RocksDBException {
        batch.deleteRange(families.get(family.ordinal()), start, end);
    }

    @Override
    public void close() {
        batch.close();
    }
}
