package io.navarch.store;

import io.navarch.process.TaskScope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The store in this process. Writers put their request in a queue and wait; one committer takes all that wait,
/// decides them in order, and makes them durable with one fsync (group commit).
public final class EmbeddedStore implements Store {
    /// How many events are kept in memory, for cursors near the end of the log; others read from the files.
    private static final int RECENT = 4096;

    private static final int MAX_BATCH = 512;

    /// How many events a cursor reads from the files at once.
    private static final int READ = 1000;

    private record Request(
            String key, byte @Nullable [] value, long expected, long expiresAt, CompletableFuture<Outcome> outcome) {}

    private final RocksLog log;
    private final InstantSource clock;
    private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(8192);
    /// A ring, guarded by `advanced`; an event's place is its revision.
    private final @Nullable Event[] recent = new Event[RECENT];
    private final Object advanced = new Object();
    private final Thread committer;
    private final Thread sweeper;
    private volatile long revision;
    private volatile long compacted;
    private volatile boolean closed;

    /// @throws StoreDamagedException when the directory holds something that cannot be opened
    public EmbeddedStore(Path directory, InstantSource clock) {
        this.clock = clock;
        log = new RocksLog(directory);
        revision = log.lastRevision();
        compacted = log.compacted();
        committer = Thread.ofPlatform().name("store-committer").daemon().start(this::commitLoop);
        sweeper = Thread.ofVirtual().name("store-expiry").start(this::expireLoop);
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compacted() {
        return compacted;
    }

    @Override
    public Optional<KeyValue> get(String key) {
        return log.version(key, revision).flatMap(version -> live(key, version));
    }

    /// Nothing for a deleted key.
    private static Optional<KeyValue> live(String key, RocksLog.Version version) {
        var value = version.value();
        if (value == null) return Optional.empty();
        return Optional.of(
                new KeyValue(key, value, version.createRevision(), version.modRevision(), version.version()));
    }

    @Override
    public Range range(String start, String end, long at, int limit) {
        long read = at == 0 ? revision : at;
        if (read < compacted) throw new CompactedException(compacted);
        int bound = limit <= 0 ? Integer.MAX_VALUE - 1 : limit;
        var entries = log.range(start, end, read, bound);
        // What was compacted while it was being read may be incomplete.
        if (read < compacted) throw new CompactedException(compacted);
        boolean more = entries.size() > bound;
        return new Range(read, more ? entries.subList(0, bound) : entries, more);
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
        return submit(new Request(key, value, expected, expiresAt, new CompletableFuture<>()));
    }

    @Override
    public Outcome delete(String key, long expected) {
        return submit(new Request(key, null, expected, 0, new CompletableFuture<>()));
    }

    private Outcome submit(Request request) {
        if (closed) throw new IllegalStateException("the store is closed");
        try {
            queue.put(request);
            return request.outcome.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void commitLoop() {
        var requests = new ArrayList<Request>();
        try {
            while (true) {
                requests.clear();
                requests.add(queue.take());
                queue.drainTo(requests, MAX_BATCH - 1);
                commit(requests);
            }
        } catch (InterruptedException e) {
            // Closed: everybody who still waits is told.
            requests.addAll(queue);
            for (var request : requests) {
                request.outcome.completeExceptionally(new IllegalStateException("the store is closed"));
            }
        }
    }

    private void commit(List<Request> requests) {
        var entries = new ArrayList<RocksLog.Entry>();
        var pending = new HashMap<String, RocksLog.Version>();
        var outcomes = new ArrayList<Outcome>(requests.size());
        long next = revision;
        for (var request : requests) {
            var outcome = decide(request, next + 1, pending, entries);
            if (outcome.written()) next++;
            outcomes.add(outcome);
        }
        try {
            if (!entries.isEmpty()) log.write(entries);
        } catch (RuntimeException e) {
            for (var request : requests) request.outcome.completeExceptionally(e);
            return;
        }
        publish(entries, next);
        for (int i = 0; i < requests.size(); i++) requests.get(i).outcome.complete(outcomes.get(i));
    }

    /// Compares and, where it holds, adds the entry. Earlier requests of the same batch count as done.
    private Outcome decide(
            Request request, long next, Map<String, RocksLog.Version> pending, List<RocksLog.Entry> entries) {
        var current = Optional.ofNullable(pending.get(request.key))
                .or(() -> log.version(request.key, revision))
                .flatMap(version -> live(request.key, version));
        boolean deletes = request.value == null;
        long modified = current.map(KeyValue::modRevision).orElse(ABSENT);
        boolean matches = request.expected == ANY || request.expected == modified;
        if (!matches || deletes && current.isEmpty()) return new Outcome(false, next - 1, current);
        long created = current.map(KeyValue::createRevision).orElse(next);
        long version = deletes ? 0 : current.map(KeyValue::version).orElse(0L) + 1;
        entries.add(new RocksLog.Entry(next, request.key, request.value, created, version, request.expiresAt));
        pending.put(request.key, new RocksLog.Version(request.value, created, next, version));
        return new Outcome(true, next, current);
    }

    private void publish(List<RocksLog.Entry> entries, long next) {
        if (entries.isEmpty()) return;
        synchronized (advanced) {
            for (var entry : entries) {
                recent[(int) (entry.revision() % RECENT)] =
                        new Event(entry.revision(), entry.key(), entry.value(), entry.createRevision());
            }
            revision = next;
            advanced.notifyAll();
        }
    }

    private void expireLoop() {
        while (!closed) {
            try {
                TaskScope.pause(10_000);
            } catch (InterruptedException e) {
                return;
            }
            expire();
        }
    }

    /// Deletes what has expired.
    void expire() {
        for (var due : log.expired(clock.millis() / 1000, 10_000)) {
            // A key written again since then has another revision, and its own time.
            delete(due.key(), due.modRevision());
            log.forgetExpiry(due.value());
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
            var events = new ArrayList<Event>();
            synchronized (advanced) {
                if (revision < next) advanced.wait(Math.max(1, wait.toMillis()));
                if (revision < next) return List.of();
                if (revision - next < RECENT - 1) readMemory(events);
            }
            if (events.isEmpty()) {
                if (next <= compacted) throw new CompactedException(compacted);
                events.addAll(log.log(next, READ));
            }
            if (events.isEmpty()) return events;
            next = events.getLast().revision() + 1;
            return events.stream()
                    .filter(event -> event.key().startsWith(prefix))
                    .toList();
        }

        @Override
        public long reached() {
            return next - 1;
        }

        /// Adds all events from `next` on, or none when they are no longer all in memory.
        private void readMemory(List<Event> into) {
            for (long at = next; at <= revision; at++) {
                var event = recent[(int) (at % RECENT)];
                if (event == null || event.revision() != at) {
                    into.clear();
                    return;
                }
                into.add(event);
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public void compact(long upTo) {
        if (upTo <= compacted || upTo > revision) return;
        // From now on nobody starts to read what is about to go.
        compacted = upTo;
        log.compact(upTo);
    }

    @Override
    public void rewriteFiles() {
        log.rewriteFiles();
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        sweeper.interrupt();
        committer.interrupt();
        try {
            committer.join();
            sweeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
