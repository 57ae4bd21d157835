package io.navarch.apiserver.cache;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The latest changes of one cache, in a ring that overwrites the oldest: there is no queue per watcher, and one that
/// is too slow finds its position overwritten.
///
/// Guarded by its own monitor. The cache appends while it holds its lock; nobody takes the cache's lock while holding
/// this one.
final class ChangeLog implements Room.Kept {
    /// A watcher that is further behind than this has to list again.
    private static final int WINDOW = 4096;

    /// So many bytes of objects are kept by it; a few changes are, however large they are.
    private static final long MOST_BYTES = 64 << 20;

    private static final int FEWEST = 50;
    private static final int BATCH = 500;

    private final @Nullable Change[] window = new Change[WINDOW];
    private final Room room;
    private final WatcherIndex watchers = new WatcherIndex();
    /// Written under the monitor; read without it by those who only compare counts.
    private volatile long added;
    /// The position of the oldest change still kept.
    private long first;
    /// Of the objects as the changes from there on left them.
    private volatile long bytes;
    private long startRevision;
    private long revision;
    /// Read without the monitor: a waiting cursor must not take the lock of the log.
    private volatile boolean closed;

    ChangeLog(Room room) {
        this.room = room;
    }

    /// The caller has everything up to this revision; changes follow.
    synchronized void startAt(long loaded) {
        startRevision = loaded;
        revision = loaded;
    }

    synchronized void append(Change change) {
        long index = added;
        if (index - first == WINDOW) forgetFirst();
        window[(int) (index % WINDOW)] = change;
        count(length(change));
        added = index + 1;
        while (bytes > MOST_BYTES && added - first > FEWEST) forgetFirst();
        revision = change.revision();
        watchers.changed(change, index);
    }

    private void forgetFirst() {
        count(-length(at(first)));
        window[(int) (first % WINDOW)] = null;
        first++;
    }

    private void count(long more) {
        long before = bytes;
        bytes = before + more;
        room.add(this, more);
    }

    /// Forgets the oldest change.
    ///
    /// @return false when there is only one, which is kept: it says from where on changes are known
    @Override
    public synchronized boolean forgetOne() {
        if (added - first <= 1) return false;
        forgetFirst();
        return true;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private static long length(Change change) {
        return change.latest().json().length;
    }

    /// The store has moved on to this revision without a change here.
    synchronized void advance(long to) {
        revision = Math.max(revision, to);
    }

    /// The position of the first change after a revision.
    ///
    /// @throws ExpiredException when changes after it are no longer kept
    synchronized long position(long after) {
        // Nothing is missing between the load and the first kept change; once changes have been overwritten, the
        // oldest one kept decides.
        long oldest = first == 0 ? startRevision : at(first).revision();
        if (after < (first == 0 ? oldest : oldest - 1)) throw new ExpiredException(after, oldest);
        long low = first;
        long high = added;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).revision() <= after) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private Change at(long index) {
        return Objects.requireNonNull(window[(int) (index % WINDOW)]);
    }

    /// Adds the changes from a position on, at most a batch of them, that are later than `after`.
    ///
    /// @return the position to go on from
    /// @throws ExpiredException when the position has been overwritten
    synchronized long read(long position, long after, List<Change> into) {
        if (position < first)
            throw new ExpiredException(at(first).revision() - 1, at(first).revision());
        long next = position;
        for (long end = Math.min(added, position + BATCH); next < end; next++) {
            var change = at(next);
            if (change.revision() > after) into.add(change);
        }
        return next;
    }

    /// The revision of the change before a position.
    synchronized long revisionBefore(long position) {
        return at(position - 1).revision();
    }

    synchronized void follow(Follower follower) {
        watchers.add(follower);
    }

    synchronized void leave(Follower follower) {
        watchers.remove(follower);
    }

    synchronized void wake() {
        watchers.wake();
    }

    synchronized void close() {
        closed = true;
        room.forget(this);
        watchers.wake();
    }

    boolean closed() {
        return closed;
    }

    /// The revision up to which every change is in the log.
    synchronized long revision() {
        return revision;
    }

    /// How many changes there have ever been.
    long added() {
        return added;
    }

    synchronized int followers() {
        return watchers.size();
    }
}
