package io.navarch.store;

import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// What went wrong with files, so that nobody takes it for something that is not there.
record Failures(Path directory) {
    RuntimeException of(String doing, RocksDBException e) {
        var status = e.getStatus();
        if (status != null && status.getCode() == Status.Code.Corruption)
            return new StoreDamagedException(
                    "the store in " + directory + " is damaged: " + e.getMessage()
                            + " (`navarch store check` finds all that is)",
                    e);
        return new IllegalStateException("the store cannot be " + doing + ": " + e.getMessage(), e);
    }
}
