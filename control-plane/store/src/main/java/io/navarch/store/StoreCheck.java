package io.navarch.store;

import io.navarch.store.Rows.Head;
import io.navarch.store.Rows.Logged;
import io.navarch.store.Rows.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads all of a store that nobody uses, and says what is not as it should be. Nothing is changed.
public final class StoreCheck {
    /// No more than so many things of a sort are named; the rest is counted.
    private static final int NAMED = 20;

    private final StoreFiles files;
    private final List<String> problems = new ArrayList<>();
    private int unnamed;

    private StoreCheck(StoreFiles files) {
        this.files = files;
    }

    /// @param problems empty for a store that is whole
    public record Report(long revision, long compacted, long keys, long versions, List<String> problems) {}

    /// @throws StoreDamagedException when the store cannot even be opened
    /// @throws StoreRefusedException when somebody uses it
    public static Report check(Path directory) {
        if (!Files.exists(directory.resolve("CURRENT")))
            throw new StoreRefusedException("there is no store in " + directory);
        var files = new StoreFiles(directory);
        try {
            return new StoreCheck(files).run();
        } finally {
            files.close();
        }
    }

    private Report run() {
        var log = new RocksLog(files);
        attempt(files::verify);
        long[] counts = new long[4];
        attempt(() -> counts[0] = log.lastRevision());
        attempt(() -> counts[1] = log.compacted());
        if (counts[0] < files.format().revision())
            problem("the store has been at revision " + files.format().revision() + " and reaches only " + counts[0]);
        attempt(() -> counts[2] = newest());
        attempt(() -> counts[3] = versions(log.swept()));
        attempt(() -> logged(counts[1]));
        if (unnamed > 0) problems.add("and " + unnamed + " more");
        return new Report(counts[0], counts[1], counts[2], counts[3], List.copyOf(problems));
    }

    private void attempt(Runnable part) {
        try {
            part.run();
        } catch (StoreDamagedException e) {
            problem(String.valueOf(e.getMessage()));
        }
    }

    private void problem(String text) {
        if (problems.contains(text)) return;
        if (problems.size() < NAMED) problems.add(text);
        else unnamed++;
    }

    /// What each key was given last must be there.
    private long newest() {
        long keys = 0;
        try (var walk = files.scan(Family.NEWEST)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) {
                keys++;
                var key = walk.key();
                var head = Head.decode(walk.value());
                attempt(() -> {
                    var row = files.get(Family.VERSIONS, Rows.versionKey(key, head.modRevision()));
                    var version = row == null ? null : Version.decode(head.modRevision(), row);
                    boolean same = version != null
                            && version.value() != null
                            && version.createRevision() == head.createRevision()
                            && version.version() == head.version();
                    if (!same)
                        problem(Rows.text(key) + " was written at revision " + head.modRevision()
                                + ", and what was written is not there");
                });
            }
        }
        return keys;
    }

    /// Of what is older than the last compaction only what is still there may be left.
    private long versions(long swept) {
        long versions = 0;
        byte[] last = {};
        boolean kept = false;
        try (var walk = files.scan(Family.VERSIONS)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) {
                versions++;
                var key = Rows.keyOf(walk.key());
                long revision = Rows.revisionOf(walk.key());
                if (!Arrays.equals(key, last)) {
                    last = key;
                    kept = false;
                    var head = files.get(Family.NEWEST, key);
                    boolean live = Version.decode(revision, walk.value()).value() != null;
                    if (live != (head != null)
                            || head != null && Head.decode(head).modRevision() != revision)
                        problem(Rows.text(key) + " at revision " + revision + " is not known as its newest version");
                }
                if (kept && revision <= swept)
                    problem(Rows.text(key) + " at revision " + revision + " should have been compacted");
                kept |= revision <= swept;
            }
        }
        return versions;
    }

    /// What the log promises to those who follow it must be there.
    private void logged(long compacted) {
        try (var walk = files.scan(Family.LOG)) {
            for (boolean more = walk.seek(Rows.number(compacted + 1)); more; more = walk.next()) {
                long revision = Rows.number(walk.key());
                var key = Logged.decode(walk.value()).key();
                if (files.get(Family.VERSIONS, Rows.versionKey(key, revision)) == null)
                    problem(Rows.text(key) + " was written at revision " + revision
                            + ", and what was written is not there");
            }
        }
    }
}
