package io.navarch.store;

import io.navarch.store.Rows.Head;
import io.navarch.store.Rows.Logged;
import io.navarch.store.Rows.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// What a store asks of its files, in terms of keys and revisions. [Rows] says how it is written down.
final class RocksLog {
    /// A key that has been written very often is left with one jump after so many steps.
    private static final int STEPS = 8;

    private final StoreFiles files;

    RocksLog(StoreFiles files) {
        this.files = files;
    }

    /// One write, ready to be stored.
    ///
    /// @param value `null` for a deletion
    /// @param previous what this replaces
    record Entry(
            long revision,
            String key,
            byte @Nullable [] value,
            long createRevision,
            long version,
            @Nullable Head previous,
            long expiresAt) {
        Head head() {
            return new Head(revision, createRevision, version);
        }
    }

    /// Makes writes durable together.
    ///
    /// @param doubtful earlier ones that have failed and may be in the write-ahead log: taken back first
    void write(List<Entry> doubtful, List<Entry> entries) {
        files.write(true, changes -> {
            for (var entry : doubtful.reversed()) takeBack(entry, changes);
            for (var entry : entries) add(entry, changes);
        });
    }

    private static void add(Entry entry, Changes changes) throws RocksDBException {
        var key = Rows.bytes(entry.key);
        var version = new Version(entry.value, entry.createRevision, entry.revision, entry.version);
        changes.put(Family.VERSIONS, Rows.versionKey(key, entry.revision), version.encoded());
        long previous = entry.previous == null ? 0 : entry.previous.modRevision();
        var logged = new Logged(entry.value == null, previous, key);
        changes.put(Family.LOG, Rows.number(entry.revision), logged.encoded());
        if (entry.value == null) changes.delete(Family.NEWEST, key);
        else changes.put(Family.NEWEST, key, entry.head().encoded());
        if (entry.expiresAt > 0) changes.put(Family.EXPIRY, Rows.expiryKey(entry.expiresAt, entry.revision), key);
    }

    private static void takeBack(Entry entry, Changes changes) throws RocksDBException {
        var key = Rows.bytes(entry.key);
        changes.remove(Family.VERSIONS, Rows.versionKey(key, entry.revision));
        changes.delete(Family.LOG, Rows.number(entry.revision));
        if (entry.previous == null) changes.delete(Family.NEWEST, key);
        else changes.put(Family.NEWEST, key, entry.previous.encoded());
        if (entry.expiresAt > 0) changes.remove(Family.EXPIRY, Rows.expiryKey(entry.expiresAt, entry.revision));
    }

    /// What is known of a key's newest version; nothing for a key that is not there.
    Optional<Head> head(String key) {
        var row = files.get(Family.NEWEST, Rows.bytes(key));
        return row == null ? Optional.empty() : Optional.of(Head.decode(row));
    }

    /// The key's newest version.
    Optional<Version> newest(String key) {
        var head = head(key);
        while (head.isPresent()) {
            long revision = head.get().modRevision();
            var version = version(Rows.bytes(key), revision);
            if (version.isPresent()) return version;
            // Written anew in between, and what it was before has been removed at once.
            head = head(key);
            if (head.isPresent() && head.get().modRevision() == revision) throw missing(key, revision);
        }
        return Optional.empty();
    }

    private StoreDamagedException missing(String key, long revision) {
        return new StoreDamagedException("the store in " + files.directory() + " is damaged: " + key
                + " was written at revision " + revision + ", and what was written is not there");
    }

    /// What a key was given at exactly this revision.
    private Optional<Version> version(byte[] key, long revision) {
        var row = files.get(Family.VERSIONS, Rows.versionKey(key, revision));
        return row == null ? Optional.empty() : Optional.of(Version.decode(revision, row));
    }

    /// Live versions at `revision` in key order.
    ///
    /// @param bounds the walk ends with the first entry that goes beyond them, and includes it
    List<Store.KeyValue> range(String start, String end, long revision, Bounds bounds) {
        var result = new ArrayList<Store.KeyValue>();
        var bytes = new long[1];
        walk(start, end, revision, (key, modified, at) -> {
            var version = Version.decode(modified, at.value());
            var value = version.value();
            if (value == null) return true;
            result.add(
                    new Store.KeyValue(Rows.text(key), value, version.createRevision(), modified, version.version()));
            bytes[0] += value.length;
            return result.size() <= bounds.entries && bytes[0] <= bounds.bytes;
        });
        return result;
    }

    /// How much is read at once.
    record Bounds(long entries, long bytes) {}

    /// Counts live versions; values are not read.
    long count(String start, String end, long revision) {
        var flag = ByteBuffer.allocateDirect(1);
        var live = new long[1];
        walk(start, end, revision, (key, modified, at) -> {
            at.value(flag.clear());
            if (Version.live(flag.get(0))) live[0]++;
            return true;
        });
        return live[0];
    }

    private interface Visitor {
        /// Is given the version of a key that was current; the walk goes on while it answers true.
        boolean visit(byte[] key, long modified, Walk at);
    }

    private void walk(String start, String end, long revision, Visitor visitor) {
        var first = Rows.bytes(start);
        try (var walk = files.walk(Family.VERSIONS, Rows.bytes(end))) {
            byte[] key = {};
            boolean taken = true;
            int steps = 0;
            boolean more = walk.seek(first);
            while (more) {
                var row = walk.key();
                var found = Rows.keyOf(row);
                if (!Arrays.equals(found, key)) {
                    key = found;
                    steps = 0;
                    // The versions of a key lie after its name and a zero, so a start that ends in one finds the key
                    // itself.
                    taken = Arrays.compareUnsigned(key, first) < 0;
                }
                long modified = Rows.revisionOf(row);
                if (!taken && modified <= revision) {
                    taken = true;
                    if (!visitor.visit(key, modified, walk)) return;
                }
                if (++steps < STEPS) {
                    more = walk.next();
                } else {
                    more = walk.seek(taken ? Rows.behind(key) : Rows.versionKey(key, revision));
                    steps = 0;
                }
            }
        }
    }

    /// The events from `from` on.
    ///
    /// @throws Store.CompactedException when they have begun to be removed meanwhile
    List<Store.Event> log(long from, Bounds bounds) {
        var result = new ArrayList<Store.Event>();
        long bytes = 0;
        try (var walk = files.walk(Family.LOG, null)) {
            boolean more = walk.seek(Rows.number(from));
            while (more && result.size() < bounds.entries && bytes < bounds.bytes) {
                long revision = Rows.number(walk.key());
                var logged = Logged.decode(walk.value());
                var version = version(logged.key(), revision);
                if (version.isEmpty()) {
                    long compacted = compacted();
                    if (revision <= compacted) throw new Store.CompactedException(compacted);
                    throw missing(Rows.text(logged.key()), revision);
                }
                var value = version.get().value();
                bytes += value == null ? 0 : value.length;
                result.add(new Store.Event(
                        revision, Rows.text(logged.key()), value, version.get().createRevision()));
                more = walk.next();
            }
        }
        return result;
    }

    long lastRevision() {
        try (var walk = files.walk(Family.LOG, null)) {
            return Math.max(walk.seekToLast() ? Rows.number(walk.key()) : 1, compacted());
        }
    }

    long compacted() {
        return mark(Rows.COMPACTED);
    }

    /// All up to this revision that was to be removed has been.
    long swept() {
        return mark(Rows.SWEPT);
    }

    private long mark(byte[] name) {
        var row = files.get(Family.DEFAULT, name);
        return row == null ? 0 : Rows.number(row);
    }

    /// Nobody may ask any more for what was before.
    void forget(long revision) {
        files.write(true, changes -> changes.put(Family.DEFAULT, Rows.COMPACTED, Rows.number(revision)));
    }

    /// Removes what writes after `from` have made obsolete, of so many of them at the most, but of none after `to`.
    ///
    /// A slice is written whole or not at all; what a crash takes back is removed again.
    ///
    /// @return the revision up to which nothing is left to be removed
    long sweep(long from, long to, int writes) {
        var obsolete = new ArrayList<byte[]>();
        long last = to;
        try (var walk = files.walk(Family.LOG, Rows.number(to + 1))) {
            boolean more = walk.seek(Rows.number(from + 1));
            for (int i = 0; more; i++, more = walk.next()) {
                if (i == writes) {
                    last = Rows.number(walk.key()) - 1;
                    break;
                }
                var logged = Logged.decode(walk.value());
                if (logged.previous() > 0) obsolete.add(Rows.versionKey(logged.key(), logged.previous()));
                if (logged.deletion()) obsolete.add(Rows.versionKey(logged.key(), Rows.number(walk.key())));
            }
        }
        long reached = last;
        files.write(false, changes -> {
            for (var key : obsolete) changes.remove(Family.VERSIONS, key);
            changes.put(Family.DEFAULT, Rows.SWEPT, Rows.number(reached));
            if (reached == to) changes.removeRange(Family.LOG, Rows.number(0), Rows.number(to + 1));
        });
        return reached;
    }

    /// A key whose time is over, and the row that says so.
    record Expired(String key, long revision, byte[] row) {}

    List<Expired> expired(long second, int limit) {
        var result = new ArrayList<Expired>();
        try (var walk = files.walk(Family.EXPIRY, Rows.number(second + 1))) {
            boolean more = walk.seek(Rows.number(0));
            for (; more && result.size() < limit; more = walk.next()) {
                long revision = ByteBuffer.wrap(walk.key()).getLong(8);
                result.add(new Expired(Rows.text(walk.value()), revision, walk.key()));
            }
        }
        return result;
    }

    void forgetExpiry(byte[] row) {
        files.write(false, changes -> changes.remove(Family.EXPIRY, row));
    }
}
