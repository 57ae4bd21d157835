package io.navarch.store;

import io.navarch.process.Fatal;
import io.navarch.store.RocksLog.Entry;
import io.navarch.store.Rows.Head;
import io.navarch.store.Store.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writers put their request in a queue and wait; one thread takes all that wait, decides them in order, and makes them
/// durable with one fsync (group commit).
final class Committer implements AutoCloseable {
    private static final int MAX_BATCH = 512;
    private static final long MAX_BATCH_BYTES = 4 << 20;

    private record Request(
            String key, byte @Nullable [] value, long expected, long expiresAt, CompletableFuture<Outcome> outcome) {
        long bytes() {
            return value == null ? 0 : value.length;
        }
    }

    private final RocksLog log;
    private final Supplier<Optional<String>> full;
    private final Consumer<List<Entry>> publish;
    private final Fatal fatal;
    private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(8192);
    private final Thread thread;
    /// Used by the thread alone: the last revision that a write was given, be it that it failed.
    private long assigned;
    /// Writes that have failed, and may be found in the write-ahead log after a crash unless they are taken back.
    private final List<Entry> doubtful = new ArrayList<>();

    /// Why nothing could be written last.
    private volatile @Nullable String refusal;

    private volatile boolean closed;
    /// Nobody takes requests any more, and why.
    private volatile @Nullable RuntimeException ended;

    /// @param full why nothing may be written now; empty when it may
    /// @param publish is given what has become durable, in order
    @SuppressWarnings("ThreadPriorityCheck") // All writers wait for it.
    Committer(
            RocksLog log, long revision, Supplier<Optional<String>> full, Consumer<List<Entry>> publish, Fatal fatal) {
        this.log = log;
        this.full = full;
        this.assigned = revision;
        this.publish = publish;
        this.fatal = fatal;
        thread = Thread.ofPlatform()
                .name("store-committer")
                .daemon()
                .priority(Thread.MAX_PRIORITY)
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    Outcome submit(String key, byte @Nullable [] value, long expected, long expiresAt) {
        var request = new Request(key, value, expected, expiresAt, new CompletableFuture<>());
        var over = ended;
        if (over != null) throw over;
        try {
            queue.put(request);
            // Whoever came while the queue was emptied for the last time is alone with its request.
            over = ended;
            if (over != null && queue.remove(request)) throw over;
            return request.outcome.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        var requests = new ArrayList<Request>();
        try {
            while (!closed) {
                requests.clear();
                take(requests);
                commit(requests);
            }
            end(requests, new StoreClosedException());
        } catch (InterruptedException e) {
            end(requests, new StoreClosedException());
        } catch (Throwable e) {
            end(requests, new IllegalStateException("the store cannot write any more: " + e, e));
            fatal.end("the committer of the store", e);
        }
    }

    private void take(List<Request> into) throws InterruptedException {
        var next = queue.take();
        long bytes = 0;
        while (next != null) {
            into.add(next);
            bytes += next.bytes();
            next = into.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES ? queue.poll() : null;
        }
    }

    /// Everybody who still waits is told.
    private void end(List<Request> requests, RuntimeException why) {
        ended = why;
        queue.drainTo(requests);
        for (var request : requests) request.outcome.completeExceptionally(why);
    }

    private void commit(List<Request> requests) {
        var entries = new ArrayList<Entry>();
        var pending = new HashMap<String, Optional<Head>>();
        var outcomes = new ArrayList<Outcome>(requests.size());
        for (var request : requests) {
            try {
                outcomes.add(decide(request, pending, entries));
            } catch (StoreDamagedException | IllegalStateException e) {
                // Nothing is known of this key; others are not concerned.
                request.outcome.completeExceptionally(e);
                outcomes.add(new Outcome(false, assigned));
            }
        }
        if (!entries.isEmpty()) {
            var why = full.get();
            if (why.isPresent()) {
                refusal = why.get();
                for (var request : requests)
                    request.outcome.completeExceptionally(new IllegalStateException(why.get()));
                return;
            }
            try {
                log.write(doubtful, entries);
            } catch (RuntimeException e) {
                refusal = String.valueOf(e.getMessage());
                doubtful.addAll(entries);
                for (var request : requests) request.outcome.completeExceptionally(e);
                return;
            }
            doubtful.clear();
            refusal = null;
            publish.accept(entries);
        }
        for (int i = 0; i < requests.size(); i++) requests.get(i).outcome.complete(outcomes.get(i));
    }

    /// Compares and, where it holds, adds the entry. Earlier requests of the same batch count as done.
    private Outcome decide(Request request, Map<String, Optional<Head>> pending, List<Entry> entries) {
        var known = pending.get(request.key);
        var current = known == null ? log.head(request.key) : known;
        boolean deletes = request.value == null;
        boolean matches = request.expected == Store.ANY
                || request.expected == current.map(Head::modRevision).orElse(Store.ABSENT);
        if (!matches || deletes && current.isEmpty()) return new Outcome(false, assigned);
        long revision = ++assigned;
        long created = current.map(Head::createRevision).orElse(revision);
        long version = deletes ? 0 : current.map(Head::version).orElse(0L) + 1;
        var entry = new Entry(
                revision, request.key, request.value, created, version, current.orElse(null), request.expiresAt);
        entries.add(entry);
        pending.put(request.key, deletes ? Optional.empty() : Optional.of(entry.head()));
        return new Outcome(true, revision);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Threads.await(thread);
    }
}
