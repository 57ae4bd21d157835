package io.navarch.apps.snapshot;

import io.navarch.process.AtomicFile;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Puts a snapshot into a data directory: all of it is made ready beside what is there, and takes its place once it is
/// complete. A crash before that changes nothing; after it, the next start (or restore) goes on to the end.
public final class Restore {
    /// Complete, to be put in place.
    private static final String READY = "restoring";

    private static final String UNFINISHED = "restoring.new";
    private static final String STORE = "store";

    /// Whoever knows revisions that were given after the snapshot is never to see them given again: as many as a busy
    /// cluster gives in years.
    static final long BUMP = 1_000_000_000;

    /// What a restored cluster has from its snapshot alone, be it that it is not in there.
    private static final List<String> REPLACED = replaced();

    private Restore() {}

    private static List<String> replaced() {
        var names = new ArrayList<>(KeptFiles.NAMES);
        names.add(STORE);
        // Made anew by the next start.
        names.add("admin.kubeconfig");
        return List.copyOf(names);
    }

    /// Whether a cluster is in a directory.
    public static boolean live(Path data) {
        return Files.exists(data.resolve(STORE)) || Files.exists(data.resolve("pki"));
    }

    /// @param snapshot that has been verified
    public static void of(SnapshotFile snapshot, DataLock held) throws IOException {
        var data = held.data();
        finish(held);
        var fresh = data.resolve(UNFINISHED);
        delete(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            var ignored = SnapshotFile.read(
                    snapshot.path(),
                    KeptFiles.into(fresh),
                    in -> StoreSnapshot.restore(in, fresh.resolve(STORE), BUMP));
            DataFormat.expectKnown(fresh);
            for (var name : REPLACED)
                if (!Files.exists(fresh.resolve(name))) Files.createFile(fresh.resolve(absent(name)));
            Durable.tree(fresh);
        } catch (IOException | RuntimeException e) {
            delete(fresh);
            throw e;
        }
        Files.move(fresh, data.resolve(READY), StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.persistNames(data);
        finish(held);
    }

    /// Ends what a crash has interrupted. Each step can be done again.
    ///
    /// @return whether there was something to be done
    public static boolean finish(DataLock held) throws IOException {
        var data = held.data();
        var ready = data.resolve(READY);
        if (!Files.exists(ready)) return false;
        for (var name : REPLACED) {
            var restored = ready.resolve(name);
            // What is not in the snapshot goes, and says so, since what has its place already looks the same.
            if (Files.exists(restored)) replace(restored, data.resolve(name));
            else if (Files.exists(ready.resolve(absent(name)))) delete(data.resolve(name));
        }
        AtomicFile.persistNames(data);
        delete(ready);
        return true;
    }

    private static void replace(Path restored, Path place) throws IOException {
        delete(place);
        Files.move(restored, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The mark of what is not in a snapshot.
    private static String absent(String name) {
        return "no-" + name;
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return;
        try (var walk = Files.walk(path)) {
            for (var each : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
