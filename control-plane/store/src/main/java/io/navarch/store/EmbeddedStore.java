package io.navarch.store;

import io.navarch.process.Fatal;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store in this process: [Committer] writes, [Sweeper] removes what is obsolete, everybody else reads.
public final class EmbeddedStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);

    /// How many events and bytes of values are kept in memory, for cursors near the end of the log.
    private static final int RECENT = 4096;

    private static final long RECENT_BYTES = 16 << 20;

    /// How much a cursor reads from the files at once.
    private static final RocksLog.Bounds READ = new RocksLog.Bounds(1000, 8 << 20);

    /// A page ends with the entry that goes beyond this, whatever its limit.
    private static final long PAGE_BYTES = 8 << 20;

    /// Once so many writes have been looked at, what is in memory is written out: rows and the marks that remove them
    /// meet there and are gone, and nobody has to step over them.
    private static final long WRITTEN_OUT = 10_000;

    private static final long EXPIRY_MILLIS = 10_000;

    private final Reserve reserve;
    private final StoreFiles files;
    private final RocksLog log;
    private final InstantSource clock;
    /// Guarded by `advanced`.
    private final RecentEvents recent;
    private final Object advanced = new Object();
    private final Committer committer;
    private final Sweeper sweeper;
    private final Scrub scrub;
    private final Thread expiry;
    private final Object closing = new Object();
    /// Used by the sweeper's thread alone.
    private long writtenOut;

    private volatile long revision;
    private volatile long compacted;
    private volatile boolean closed;

    public EmbeddedStore(Path directory, InstantSource clock) {
        this(directory, clock, Fatal.process());
    }

    /// @throws StoreDamagedException when the directory holds something that cannot be opened
    /// @throws StoreRefusedException when it is another's
    public EmbeddedStore(Path directory, InstantSource clock, Fatal fatal) {
        this.clock = clock;
        reserve = new Reserve(directory);
        files = open(directory, reserve);
        log = new RocksLog(files);
        try {
            compacted = log.compacted();
            revision = log.lastRevision();
            long expected = files.format().revision();
            if (revision < expected)
                throw new StoreDamagedException("the store in " + directory + " has lost its end: it reaches revision "
                        + revision + ", and has been at " + expected
                        + " (nothing was changed; restore the directory from a backup, or accept the loss with"
                        + " `navarch store repair`)");
            writtenOut = log.swept();
            sweeper = new Sweeper(log.swept(), compacted, log::sweep, this::swept, fatal);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
        recent = new RecentEvents(revision, RECENT, RECENT_BYTES);
        committer = new Committer(log, revision, reserve::refusal, this::publish, fatal);
        scrub = new Scrub(files, fatal);
        expiry = Thread.ofVirtual().name("store-expiry").unstarted(this::expireLoop);
        committer.start();
        sweeper.start();
        scrub.start();
        expiry.start();
    }

    private static StoreFiles open(Path directory, Reserve reserve) {
        while (true) {
            try {
                return new StoreFiles(directory);
            } catch (StoreDamagedException e) {
                if (!String.valueOf(e.getMessage()).contains(Reserve.NO_SPACE) || !reserve.release()) throw e;
                LOG.warn(
                        "{}: what was held back for this is used; nothing is written until there is space",
                        e.getMessage());
            }
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compacted() {
        return compacted;
    }

    /// Where nobody writes, space that is there again is reason enough to believe that one could.
    @Override
    public Optional<String> refusal() {
        return committer
                .refusal()
                .filter(why -> !why.contains(Reserve.NO_SPACE) || reserve.crowded())
                .or(reserve::refusal);
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return log.newest(key).flatMap(version -> live(key, version));
    }

    /// Nothing for a deleted key.
    private static Optional<KeyValue> live(String key, Rows.Version version) {
        var value = version.value();
        if (value == null) return Optional.empty();
        return Optional.of(
                new KeyValue(key, value, version.createRevision(), version.modRevision(), version.version()));
    }

    @Override
    public Range range(String start, String end, long at, int limit) {
        long read = at == 0 ? revision : at;
        if (read < compacted) throw new CompactedException(compacted);
        var bounds = limit <= 0
                ? new RocksLog.Bounds(Long.MAX_VALUE, Long.MAX_VALUE)
                : new RocksLog.Bounds(limit, PAGE_BYTES);
        var entries = log.range(start, end, read, bounds);
        // What was compacted while it was being read may be incomplete.
        if (read < compacted) throw new CompactedException(compacted);
        return page(read, entries, bounds);
    }

    /// The entry that goes beyond the bounds is only there to say that there are more.
    private static Range page(long read, List<KeyValue> entries, RocksLog.Bounds bounds) {
        long bytes = 0;
        for (var entry : entries) bytes += entry.value().length;
        boolean more = entries.size() > bounds.entries() || bytes > bounds.bytes() && entries.size() > 1;
        return new Range(read, more ? entries.subList(0, entries.size() - 1) : entries, more);
    }

    @Override
    public long count(String start, String end, long at) {
        long read = at == 0 ? revision : at;
        if (read < compacted) throw new CompactedException(compacted);
        long count = log.count(start, end, read);
        if (read < compacted) throw new CompactedException(compacted);
        return count;
    }

    @Override
    public Outcome put(String key, byte[] value, long expected, Duration ttl) {
        long expiresAt = ttl.isZero() ? 0 : clock.millis() / 1000 + ttl.toSeconds();
        return committer.submit(key, value, expected, expiresAt);
    }

    @Override
    public Outcome delete(String key, long expected) {
        return committer.submit(key, null, expected, 0);
    }

    private void publish(List<RocksLog.Entry> entries) {
        synchronized (advanced) {
            for (var entry : entries)
                recent.add(new Event(entry.revision(), entry.key(), entry.value(), entry.createRevision()));
            revision = entries.getLast().revision();
            advanced.notifyAll();
        }
    }

    private void expireLoop() {
        while (!closed) {
            try {
                reserve.keep();
                TaskScope.pause(EXPIRY_MILLIS);
                expire();
            } catch (InterruptedException | StoreClosedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) LOG.error("what has expired cannot be removed now: {}", e.toString());
            }
        }
    }

    /// Deletes what has expired.
    void expire() {
        for (var due : log.expired(clock.millis() / 1000, 10_000)) {
            // A key written again since then has another revision, and its own time.
            delete(due.key(), due.revision());
            log.forgetExpiry(due.row());
        }
    }

    @Override
    public Cursor watch(String prefix, long fromRevision) {
        if (fromRevision <= compacted) throw new CompactedException(compacted);
        return new LogCursor(prefix, fromRevision);
    }

    private final class LogCursor implements Cursor {
        private final String prefix;
        private long next;

        LogCursor(String prefix, long next) {
            this.prefix = prefix;
            this.next = next;
        }

        @Override
        public List<Event> poll(Duration wait) throws InterruptedException {
            Optional<List<Event>> known;
            long reached;
            synchronized (advanced) {
                if (revision < next && !closed) advanced.wait(Math.max(1, wait.toMillis()));
                if (closed) throw new StoreClosedException();
                if (revision < next) return List.of();
                known = recent.from(next);
                reached = revision;
            }
            var events = known.orElseGet(() -> stored(next));
            next = known.isPresent() || events.isEmpty()
                    ? reached + 1
                    : events.getLast().revision() + 1;
            return events.stream()
                    .filter(event -> event.key().startsWith(prefix))
                    .toList();
        }

        @Override
        public long reached() {
            return next - 1;
        }

        @Override
        public void close() {}
    }

    private List<Event> stored(long from) {
        if (from <= compacted) throw new CompactedException(compacted);
        var events = log.log(from, READ);
        if (from <= compacted) throw new CompactedException(compacted);
        return events;
    }

    @Override
    public void compact(long upTo) {
        if (upTo > revision) return;
        synchronized (closing) {
            if (upTo > compacted) {
                log.forget(upTo);
                compacted = upTo;
                sweeper.request(upTo);
            }
        }
        sweeper.await(upTo);
    }

    /// On the sweeper's thread.
    private void swept(long upTo) {
        if (upTo - writtenOut >= WRITTEN_OUT) {
            files.flush();
            writtenOut = upTo;
        }
        remember();
    }

    /// What has been durable until now is to be there at the next start.
    private void remember() {
        try {
            files.format().reached(revision);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void rewriteFiles() {
        files.rewrite();
    }

    /// Writes all that is there at one revision, while others go on. It takes its time, so that they hardly notice.
    ///
    /// @throws StoreClosedException when the store is closed meanwhile
    public StoreSnapshot.Contents snapshot(OutputStream out) throws IOException {
        return StoreSnapshot.take(files, out, new SnapshotPace(() -> closed));
    }

    /// The writers that wait are told, and what runs is waited for, since it uses what is freed here.
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) return;
            closed = true;
            synchronized (advanced) {
                advanced.notifyAll();
            }
            expiry.interrupt();
            scrub.close();
            sweeper.close();
            committer.close();
            // It may be holding space, beside the files.
            Threads.await(expiry);
            try {
                // Nothing is left in the write-ahead log, where a torn end could not be told from a crash.
                files.flush();
                remember();
            } catch (RuntimeException e) {
                LOG.warn("the store could not be written out, the next start reads its log: {}", e.toString());
            }
            files.close();
        }
    }
}
