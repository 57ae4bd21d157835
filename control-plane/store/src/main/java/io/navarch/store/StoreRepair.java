package io.navarch.store;

import io.navarch.store.Rows.Head;
import io.navarch.store.Rows.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes a store of what can be read of a damaged one, which stays as it is under another name. What cannot be read is
/// named: whoever asks for a repair decides to go on without it.
public final class StoreRepair {
    /// Keys are copied in groups of so many bytes.
    private static final long GROUP = 4 << 20;

    private final StoreFiles from;
    private final StoreFiles to;
    private final List<String> lost = new ArrayList<>();
    private long newest;

    private StoreRepair(StoreFiles from, StoreFiles to) {
        this.from = from;
        this.to = to;
        newest = from.format().revision();
    }

    /// @param kept how many keys are as they were
    /// @param lost what is not, and why
    /// @param before where the damaged store is now
    public record Report(long kept, List<String> lost, Path before) {}

    /// @throws StoreDamagedException when the store cannot be opened at all: only a backup helps
    public static Report repair(Path directory) throws IOException {
        if (!Files.exists(directory.resolve("CURRENT")))
            throw new StoreRefusedException("there is no store in " + directory);
        var fresh = unused(directory, "repaired");
        var before = unused(directory, "damaged");
        var from = new StoreFiles(directory);
        StoreRepair repair;
        long kept;
        try {
            var to = new StoreFiles(fresh);
            try {
                repair = new StoreRepair(from, to);
                kept = repair.run();
            } finally {
                to.close();
            }
        } finally {
            from.close();
        }
        Files.move(directory, before);
        Files.move(fresh, directory);
        return new Report(kept, List.copyOf(repair.lost), before);
    }

    private static Path unused(Path directory, String word) {
        for (int number = 1; ; number++) {
            var path = directory.resolveSibling(directory.getFileName() + "." + word + "-" + number);
            if (!Files.exists(path)) return path;
        }
    }

    private long run() throws IOException {
        long kept = 0;
        var group = new ArrayList<Copied>();
        long bytes = 0;
        for (var key : keys()) {
            var copied = read(key);
            if (copied == null) continue;
            kept++;
            group.add(copied);
            bytes += copied.row.length;
            if (bytes < GROUP) continue;
            write(group);
            group.clear();
            bytes = 0;
        }
        write(group);
        expiry();
        // No past is known any more, and revisions go on from the newest that was ever given.
        newest = Math.max(newest, last());
        to.write(true, changes -> {
            changes.put(Family.DEFAULT, Rows.COMPACTED, Rows.number(newest));
            changes.put(Family.DEFAULT, Rows.SWEPT, Rows.number(newest));
        });
        to.flush();
        to.format().reached(newest);
        return kept;
    }

    private record Copied(byte[] key, Head head, byte[] row) {}

    private void write(List<Copied> group) {
        to.write(true, changes -> {
            for (var copied : group) {
                changes.put(Family.NEWEST, copied.key, copied.head.encoded());
                changes.put(Family.VERSIONS, Rows.versionKey(copied.key, copied.head.modRevision()), copied.row);
            }
        });
    }

    private long last() {
        try {
            return new RocksLog(from).lastRevision();
        } catch (StoreDamagedException e) {
            lost.add("the end of the log: " + e.getMessage());
            return 0;
        }
    }

    /// All keys of which anything is left, from both ends of each family as far as it can be read.
    private SortedSet<String> keys() {
        var keys = new TreeSet<String>();
        collect(Family.NEWEST, keys);
        collect(Family.VERSIONS, keys);
        return keys;
    }

    private void collect(Family family, SortedSet<String> into) {
        try (var walk = from.scan(family)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) take(family, walk, into);
            return;
        } catch (StoreDamagedException e) {
            lost.add("a part of the rows " + family + ": " + e.getMessage());
        }
        try (var walk = from.scan(family)) {
            for (boolean more = walk.seekToLast(); more; more = walk.previous()) take(family, walk, into);
        } catch (StoreDamagedException alreadySaid) {
            return;
        }
    }

    private void take(Family family, Walk walk, SortedSet<String> into) {
        var key = walk.key();
        if (family == Family.VERSIONS) newest = Math.max(newest, Rows.revisionOf(key));
        into.add(Rows.text(family == Family.VERSIONS ? Rows.keyOf(key) : key));
    }

    private @Nullable Copied read(String name) {
        var key = Rows.bytes(name);
        try {
            var row = from.get(Family.NEWEST, key);
            if (row == null) return null;
            var head = Head.decode(row);
            newest = Math.max(newest, head.modRevision());
            var version = from.get(Family.VERSIONS, Rows.versionKey(key, head.modRevision()));
            if (version == null || Version.decode(head.modRevision(), version).value() == null) {
                lost.add(name + ": what was written at revision " + head.modRevision() + " is not there");
                return null;
            }
            return new Copied(key, head, version);
        } catch (StoreDamagedException e) {
            lost.add(name + ": " + e.getMessage());
            return null;
        }
    }

    private void expiry() {
        try (var walk = from.scan(Family.EXPIRY)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) {
                var row = walk.key();
                var key = walk.value();
                to.write(false, changes -> changes.put(Family.EXPIRY, row, key));
            }
        } catch (StoreDamagedException e) {
            lost.add("when some keys expire: " + e.getMessage());
        }
    }
}
