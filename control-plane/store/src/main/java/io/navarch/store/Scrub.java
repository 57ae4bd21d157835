package io.navarch.store;

import io.navarch.process.Fatal;
import io.navarch.process.TaskScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads everything once after a start, without haste, so that damage is said before somebody needs what is damaged.
final class Scrub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

    /// The rows that are read in one go, and how long it rests after them.
    private static final int ROWS = 500;

    private static final long REST_MILLIS = 5;

    private final StoreFiles files;
    private final Fatal fatal;
    private final Thread thread;

    Scrub(StoreFiles files, Fatal fatal) {
        this.files = files;
        this.fatal = fatal;
        thread = Thread.ofPlatform().name("store-scrub").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            for (var family : Family.values()) look(family);
        } catch (InterruptedException | StoreClosedException e) {
            LOG.debug("the store was closed before all of it was read");
        } catch (Throwable e) {
            fatal.end("the check of the store", e);
        }
    }

    private void look(Family family) throws InterruptedException {
        try {
            read(family);
        } catch (StoreDamagedException e) {
            LOG.error("damage was found before anybody needed what is damaged: {}", e.getMessage());
        }
    }

    private void read(Family family) throws InterruptedException {
        byte[] from = {};
        while (true) {
            var next = slice(family, from);
            if (next.length == 0) return;
            from = next;
            TaskScope.pause(REST_MILLIS);
        }
    }

    /// Where the next slice begins; nothing at the end.
    private byte[] slice(Family family, byte[] from) {
        try (var walk = files.scan(family)) {
            boolean more = walk.seek(from);
            for (int i = 0; more && i < ROWS; i++) more = walk.next();
            return more ? walk.key() : new byte[0];
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        Threads.await(thread);
    }
}
