package io.navarch.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/// Who else has a store open.
final class StoreLock {
    private StoreLock() {}

    /// What to say when somebody has; empty when opening failed for another reason.
    static Optional<String> user(Path directory, RocksDBException failure) {
        var said = String.valueOf(failure.getMessage());
        var lock = directory.resolve("LOCK");
        if (!said.contains(lock.toString()) || !said.contains("lock")) return Optional.empty();
        var who =
                said.contains("current process") ? "this process" : owner(lock).orElse("another process");
        return Optional.of("the store in " + directory + " is in use by " + who
                + ": two servers cannot share a data directory; stop the other, or give another directory with"
                + " --data-dir");
    }

    /// The kernel lists locks by the number of their file.
    private static Optional<String> owner(Path lock) {
        try {
            var file = ":" + Files.getAttribute(lock, "unix:ino");
            for (var line : Files.readAllLines(Path.of("/proc/locks"))) {
                var words = line.strip().split(" +");
                // 1: POSIX ADVISORY WRITE 4711 08:01:131072 0 EOF
                if (words.length >= 6 && words[5].endsWith(file)) return Optional.of("process " + words[4]);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
