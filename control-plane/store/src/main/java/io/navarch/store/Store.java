package io.navarch.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The contract of etcd v3 as far as an API server needs it: one compare on a key's modification revision, one write.
///
/// A write is durable when its call returns. All calls may be made from any thread.
public interface Store extends AutoCloseable {
    /// Expected revision of a key that must not exist.
    long ABSENT = 0;

    /// No expectation: the write happens whatever the key holds.
    long ANY = -1;

    /// @param version counts the writes since the key was created
    record KeyValue(String key, byte[] value, long createRevision, long modRevision, long version) {}

    /// `value` is `null` for a deletion.
    record Event(long revision, String key, byte @Nullable [] value, long createRevision) {
        public boolean deletion() {
            return value == null;
        }
    }

    /// @param revision the revision that was read at
    /// @param more whether the limit has cut the range
    record Range(long revision, List<KeyValue> entries, boolean more) {}

    /// @param revision the write's own when it happened, the store's when it did not
    record Outcome(boolean written, long revision) {}

    /// The revision asked for is older than the oldest one kept.
    final class CompactedException extends RuntimeException {
        private final long compacted;

        public CompactedException(long compacted) {
            super("required revision has been compacted; the oldest is " + (compacted + 1));
            this.compacted = compacted;
        }

        public long compacted() {
            return compacted;
        }
    }

    /// The revision of the last write.
    long revision();

    /// The revision up to which history is gone.
    long compacted();

    /// The key's value now.
    Optional<KeyValue> get(String key);

    /// Keys from `start` (inclusive) to `end` (exclusive) in byte order as they were at `revision` (0: now).
    ///
    /// @param limit how many at the most, or 0 for all; of large entries a page may hold fewer
    /// @throws CompactedException when that revision's history is gone
    Range range(String start, String end, long revision, int limit);

    /// How many keys there are from `start` (inclusive) to `end` (exclusive) at `revision` (0: now).
    ///
    /// @throws CompactedException when that revision's history is gone
    long count(String start, String end, long revision);

    /// Why the last writes were refused; empty as long as it takes them.
    default Optional<String> refusal() {
        return Optional.empty();
    }

    /// Writes when the key's modification revision is `expected`; a `ttl` of zero means forever.
    Outcome put(String key, byte[] value, long expected, Duration ttl);

    Outcome delete(String key, long expected);

    /// A cursor on the log that starts with the event of `fromRevision`.
    Cursor watch(String prefix, long fromRevision);

    /// Forgets what was overwritten or deleted up to this revision, and returns when it is gone.
    void compact(long revision);

    /// Writes the files anew, so that nothing is left in them of what was forgotten.
    void rewriteFiles();

    @Override
    void close();

    /// A reader's place in the log; used by one thread.
    interface Cursor extends AutoCloseable {
        /// The next events in order; empty when none came in time.
        ///
        /// @throws CompactedException when the cursor has fallen behind the oldest revision kept
        /// @throws StoreClosedException when nothing will follow any more
        List<Event> poll(Duration wait) throws InterruptedException;

        /// The revision up to which every event has been returned; events of other keys may count, too.
        long reached();

        @Override
        void close();
    }

    /// The end of the range of all keys with this prefix.
    static String prefixEnd(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
    }
}
