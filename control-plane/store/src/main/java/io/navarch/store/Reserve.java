package io.navarch.store;

import io.navarch.process.linux.HeldSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Space beside the data that nothing is written to: a store that is started again on a full disk is opened by means of
/// it, since opening writes files anew. Without it nobody writes until there is space, so that the next start finds
/// some.
final class Reserve {
    /// As the C library and RocksDB say it.
    static final String NO_SPACE = "No space left on device";

    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);

    /// What is in the write-ahead log is written to other files when it is read again; it is never much more than half
    /// of this.
    private static final long MOST = 48 << 20;

    /// Of the whole disk at most such a part.
    private static final int PART = 16;

    private static final long ENOUGH = 8 << 20;

    private final Path directory;
    private final Path file;
    private volatile boolean there;

    Reserve(Path directory) {
        this.directory = directory;
        file = directory.toAbsolutePath().resolveSibling(directory.getFileName() + ".reserve");
        there = Files.exists(file);
    }

    /// Gives it up.
    ///
    /// @return whether there was one
    boolean release() {
        try {
            there = false;
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the space held for a full disk cannot be given up: {}", e.toString());
            return false;
        }
    }

    /// Makes it where it is missing and could be.
    void keep() {
        if (there || usable() < 2 * size()) return;
        try {
            HeldSpace.take(file, size());
            there = true;
        } catch (IOException e) {
            LOG.debug("no space can be held for a full disk: {}", e.toString());
        }
    }

    /// Whether there is too little space for anything that matters, be it that some is held.
    boolean crowded() {
        return usable() < ENOUGH;
    }

    /// Why nothing may be written: what was held is gone, and there is not enough to hold it again.
    Optional<String> refusal() {
        return there || usable() >= 2 * size()
                ? Optional.empty()
                : Optional.of("the store cannot be written: " + NO_SPACE + ": " + directory);
    }

    private long size() {
        return Math.min(MOST, directory.toFile().getTotalSpace() / PART);
    }

    private long usable() {
        return directory.toFile().getUsableSpace();
    }
}
