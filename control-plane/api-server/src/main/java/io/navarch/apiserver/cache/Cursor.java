package io.navarch.apiserver.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One reader's position in the changes of a cache. Until it is notified of a change that concerns its selection it has
/// nothing to read, however much else happens.
///
/// Two states: *idle* (`pending` is false; `next` means nothing) and *pending* (changes from `next` on are to be read).
/// [#changed] moves it from idle to pending, and [#poll] back once it has reached the end of the log. Both do so under
/// the log's monitor; the cursor's own monitor only serves waiting.
public final class Cursor implements Follower, AutoCloseable {
    private final ChangeLog log;
    /// What the client has already, or will have before it wants to be notified.
    private final long after;

    private final Selection selection;
    private long next;
    private volatile boolean pending;

    private Cursor(ChangeLog log, long after, Selection selection) {
        this.log = log;
        this.after = after;
        this.selection = selection;
        next = log.position(after);
        pending = next < log.added();
    }

    /// @throws ExpiredException when changes after the revision are no longer kept
    static Cursor open(ChangeLog log, long after, Selection selection) {
        synchronized (log) {
            var cursor = new Cursor(log, after, selection);
            log.follow(cursor);
            return cursor;
        }
    }

    @Override
    public Selection selection() {
        return selection;
    }

    @Override
    public void changed(Change change, long index) {
        if (pending || !concerns(change)) return;
        next = index;
        pending = true;
        wake();
    }

    private boolean concerns(Change change) {
        var before = change.previous();
        if (before != null && selection.matches(before)) return true;
        var after = change.object();
        return after != null && selection.matches(after);
    }

    @Override
    public synchronized void wake() {
        notifyAll();
    }

    private synchronized void await(long millis, BooleanSupplier ending) throws InterruptedException {
        if (!pending && !log.closed() && !ending.getAsBoolean()) wait(millis);
    }

    /// The next changes, or none when none came in time.
    public Batch poll(long millis) throws InterruptedException {
        return poll(millis, () -> false);
    }

    /// @param ending once it is true nobody waits any more
    public Batch poll(long millis, BooleanSupplier ending) throws InterruptedException {
        await(millis, ending);
        synchronized (log) {
            if (log.closed()) return new Batch(List.of(), log.revision(), true);
            if (!pending) return new Batch(List.of(), Math.max(after, log.revision()), false);
            var changes = new ArrayList<Change>();
            next = log.read(next, after, changes);
            pending = next < log.added();
            long reached = pending ? log.revisionBefore(next) : log.revision();
            return new Batch(changes, Math.max(after, reached), false);
        }
    }

    @Override
    public void close() {
        log.leave(this);
    }
}
