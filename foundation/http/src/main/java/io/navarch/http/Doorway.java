package io.navarch.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where requests wait until their handlers begin: each connection has a line, and one of each line goes in in its
/// turn. Whoever has not waited for a while goes first, once, as in the queues of RFC 8290 (FQ-CoDel): a client that
/// asks now and then waits for none of those who always do.
///
/// Virtual threads run in the order in which they were begun. A client that sends a thousand requests at once, of which
/// each takes little, would have all others wait for the thousand. Only a few at a time are in the door, that is until
/// their handlers have found out whose they are and what is to become of them ([Exchange#entered]). Each of them that
/// needs nothing but a processor is waited for, however long it does not get one.
public final class Doorway {
    /// After so long it is looked who waits for somebody else, such as for a service that knows whose a token is.
    private static final long LOOK = 5_000_000;

    /// Nobody is in the door for longer, whatever it does.
    private static final long LONGEST = 100_000_000;

    private final int abreast;
    private final LongSupplier nanoTime;
    /// The connections that have had a turn and whose requests wait, in turn. One whose last request has gone
    /// in is here once more.
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    /// Those that nobody has waited in for a while: their first request goes in before all others.
    private final ArrayDeque<Line> fresh = new ArrayDeque<>();
    /// Those in the door, in the order in which they came there.
    private final ArrayDeque<Entry> entering = new ArrayDeque<>();

    private boolean watched;

    /// @param abreast so many requests are in the door at a time
    public Doorway(int abreast, LongSupplier nanoTime) {
        this.abreast = abreast;
        this.nanoTime = nanoTime;
    }

    /// For servers whose handlers do not say when they have entered.
    static Doorway open() {
        return new Doorway(Integer.MAX_VALUE, () -> 0);
    }

    Line line() {
        return new Line();
    }

    /// The requests of a connection that wait.
    final class Line {
        private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
        /// Whether it is among those that are looked at.
        private boolean queued;

        Entry entry() {
            return new Entry(this);
        }
    }

    /// One request's way through the door.
    final class Entry {
        private final Line line;
        private @Nullable EventExecutor loop;
        private Supplier<Thread> begin = Thread::currentThread;
        private volatile @Nullable Thread thread;
        private long since;

        private Entry(Line line) {
            this.line = line;
        }

        /// Begins now, or when it is its turn.
        ///
        /// @param action returns the thread that it has begun
        void enter(EventExecutor executor, Supplier<Thread> action) {
            loop = executor;
            begin = action;
            if (abreast == Integer.MAX_VALUE || arrive(this)) begin();
        }

        private void begin() {
            thread = begin.get();
        }

        /// Whether it needs nothing but a processor.
        private boolean computes() {
            var serving = thread;
            return serving == null || serving.getState() == Thread.State.RUNNABLE;
        }

        /// It is in, or has ended.
        void passed() {
            if (abreast != Integer.MAX_VALUE) start(leave(this));
        }
    }

    private synchronized boolean arrive(Entry entry) {
        var line = entry.line;
        if (entering.size() < abreast && lines.isEmpty() && fresh.isEmpty()) {
            goIn(entry);
            return true;
        }
        line.waiting.add(entry);
        if (!line.queued) {
            line.queued = true;
            fresh.addLast(line);
        }
        watch(entry);
        return false;
    }

    private void watch(Entry entry) {
        var loop = entry.loop;
        if (watched || loop == null) return;
        watched = true;
        loop.schedule(() -> start(look()), LOOK, TimeUnit.NANOSECONDS);
    }

    private synchronized List<Entry> leave(Entry entry) {
        return entering.remove(entry) ? next() : List.of();
    }

    private synchronized List<Entry> look() {
        watched = false;
        long now = nanoTime.getAsLong();
        entering.removeIf(entry -> now - entry.since >= (entry.computes() ? LONGEST : LOOK));
        var next = next();
        Stream.concat(fresh.stream(), lines.stream())
                .filter(line -> !line.waiting.isEmpty())
                .findFirst()
                .ifPresent(line -> watch(line.waiting.getFirst()));
        return next;
    }

    private List<Entry> next() {
        var next = new ArrayList<Entry>();
        while (entering.size() < abreast) {
            boolean first = !fresh.isEmpty();
            var line = first ? fresh.pollFirst() : lines.pollFirst();
            if (line == null) return next;
            var entry = line.waiting.pollFirst();
            if (entry == null) {
                line.queued = false;
                continue;
            }
            lines.addLast(line);
            goIn(entry);
            next.add(entry);
        }
        return next;
    }

    private void goIn(Entry entry) {
        entry.since = nanoTime.getAsLong();
        entering.add(entry);
    }

    /// On their own threads: whoever has passed goes on at once, and what is begun by it would come behind it.
    private static void start(List<Entry> entries) {
        for (var entry : entries) {
            var loop = entry.loop;
            if (loop != null) loop.execute(entry::begin);
        }
    }
}
