package io.navarch.store;

import io.navarch.process.linux.HeldSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Space beside the data that nothing is written to: a store that is started again on a full disk is opened by means of
/// it, since opening writes files anew. Without it nobody writes until there is space.
///
/// There is much of it for the write-ahead log, which only the first start after a crash has to write to other files,
/// and a few small parts: something else may take what that start left over, and the server be killed again.
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

    /// What a start takes that has no log to write out: some files of a few kilobytes, and a list of all files.
    private static final long SMALL = 2 << 20;

    private static final int SMALL_PARTS = 5;

    private final Path directory;
    /// In the order in which they are given up.
    private final List<Path> parts;
    private final Path large;
    private volatile boolean there;

    Reserve(Path directory) {
        this.directory = directory;
        var name = directory.toAbsolutePath().resolveSibling(directory.getFileName() + ".reserve");
        large = name;
        parts = new ArrayList<>();
        for (int i = 0; i < SMALL_PARTS; i++) parts.add(name.resolveSibling(name.getFileName() + "." + i));
        parts.add(1, large);
        there = parts.stream().allMatch(Files::exists);
    }

    /// Gives up the next part of it.
    ///
    /// @return whether there was one
    boolean release() {
        there = false;
        try {
            for (var part : parts) if (Files.deleteIfExists(part)) return true;
        } catch (IOException e) {
            LOG.warn("the space held for a full disk cannot be given up: {}", e.toString());
        }
        return false;
    }

    /// Makes what is missing of it and could be there.
    void keep() {
        if (there || usable() < 2 * size()) return;
        try {
            for (var part : parts) if (!Files.exists(part)) HeldSpace.take(part, part.equals(large) ? size() : SMALL);
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
