package io.navarch.apps.lifecycle;

import io.navarch.apps.snapshot.DataLock;
import io.navarch.apps.snapshot.Restore;
import io.navarch.apps.snapshot.SnapshotFile;
import io.navarch.apps.snapshot.SnapshotFolder;
import io.navarch.apps.snapshot.SnapshotSocket;
import io.navarch.apps.usage.Usage;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// `navarch snapshot …`: copies of a cluster's objects and keys in files, and a cluster from such a file.
public final class SnapshotCommand {
    private static final String FORCE = "force";

    private static final List<Option> OPTIONS = List.of(
            AdminAccess.DATA, Option.flag(FORCE, "also over a cluster that is there; a snapshot of it is made first"));

    public static final Usage USAGE = Usage.of(
            "snapshot",
            "copies of the cluster's objects and keys in files, and a cluster from such a file",
            List.of(
                    Usage.line("snapshot save [FILE|FOLDER]", "also while the server runs (default: DATA/snapshots)"),
                    Usage.line("snapshot ls [FOLDER]", "which there are"),
                    Usage.line("snapshot verify FILE", "reads all of it; exit code 1 when a bit has changed"),
                    Usage.line("snapshot restore FILE [--force]", "into a data directory; while no server runs")),
            List.of(
                    Usage.line("navarch snapshot save /backup/", "a file with its time in its name"),
                    Usage.line("navarch snapshot restore /backup/saved-20260101T000000Z.snapshot", "then: navarch up"),
                    Usage.line("navarch server --snapshot-every 6h", "snapshots that it makes by itself")),
            OPTIONS);

    private final Cluster cluster;
    private final String version;
    private final InstantSource clock;
    private final PrintStream out;

    SnapshotCommand(Path data, String version, InstantSource clock, PrintStream out) {
        cluster = new Cluster(data);
        this.version = version;
        this.clock = clock;
        this.out = out;
    }

    /// @param version of this program
    public static int run(String version, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        var options = Options.parse(OPTIONS, arguments, environment);
        var data = Path.of(options.string(AdminAccess.DATA.name())).toAbsolutePath();
        var command = new SnapshotCommand(data, version, InstantSource.system(), System.out);
        return command.run(options.positional(), options.flag(FORCE));
    }

    int run(List<String> words, boolean force) throws IOException, InterruptedException {
        var verb = words.isEmpty() ? "" : words.getFirst();
        boolean named = words.size() == 2;
        var path = named
                ? Path.of(words.getLast()).toAbsolutePath()
                : cluster.directory().resolve("snapshots");
        // One that is not there yet is a folder if it is written like one.
        boolean folder = !named || Files.isDirectory(path) || words.getLast().endsWith("/");
        if (words.size() > 2) throw USAGE.wrong(words);
        if (verb.equals("save")) return save(path, folder);
        if (verb.equals("ls")) return list(new SnapshotFolder(path));
        if (verb.equals("verify") && named) return verify(path);
        if (verb.equals("restore") && named) return restore(path, force);
        throw USAGE.wrong(words);
    }

    private int save(Path path, boolean folder) throws IOException, InterruptedException {
        var file = folder ? new SnapshotFolder(path).next("saved", clock.instant()) : path;
        told("saved", save(file));
        out.println("It holds the cluster's keys: keep it where nobody else reads. Not in it: images and volumes.");
        if (!Files.exists(cluster.directory().resolve("encryption.yaml")))
            out.println("The keys that values are encrypted with are elsewhere (--encryption-provider-config): keep"
                    + " them as well.");
        return 0;
    }

    private SnapshotFile save(Path file) throws IOException, InterruptedException {
        var data = cluster.directory();
        if (!Files.isDirectory(data)) throw new IOException(data + " does not exist");
        SnapshotFile.Source stopped = to -> StoreSnapshot.take(data.resolve("store"), to);
        return SnapshotFile.write(file, data, SnapshotSocket.running(data).orElse(stopped), version, clock.instant());
    }

    private void told(String what, SnapshotFile snapshot) {
        out.println(what + " " + snapshot.path() + ": revision " + snapshot.revision() + ", " + snapshot.keys()
                + " keys, " + size(snapshot.bytes()) + ", by " + snapshot.version());
    }

    private int list(SnapshotFolder folder) throws IOException {
        var listing = folder.list();
        out.printf("%-22s %-10s %-12s %-10s %s%n", "TIME", "AGE", "REVISION", "SIZE", "FILE");
        var now = clock.instant();
        for (var each : listing.snapshots())
            out.printf(
                    "%-22s %-10s %-12d %-10s %s%n",
                    each.time().truncatedTo(ChronoUnit.SECONDS),
                    PartReport.length(Duration.between(each.time(), now)),
                    each.revision(),
                    size(each.bytes()),
                    each.path());
        listing.problems().forEach(out::println);
        return listing.problems().isEmpty() ? 0 : 1;
    }

    private int verify(Path file) throws IOException {
        told("whole:", SnapshotFile.verify(file));
        return 0;
    }

    private int restore(Path file, boolean force) throws IOException, InterruptedException {
        var data = cluster.directory();
        // Nothing is touched unless every bit of it is as it was.
        var snapshot = SnapshotFile.verify(file);
        // One that is about to start its server again.
        if (cluster.supervisor().process().isPresent())
            throw new IOException("a cluster runs with " + data + ": stop it first (navarch down --data-dir " + data
                    + "); nothing was changed");
        if (cluster.joined())
            throw new IOException(
                    data + " is that of an agent, which keeps nothing of the cluster; nothing was changed");
        try (var held = DataLock.take(data)) {
            restore(snapshot, held, force);
        }
        told("restored", snapshot);
        out.println("next: navarch up" + (Cluster.isUsual(data) ? "" : " --data-dir " + data));
        return 0;
    }

    private void restore(SnapshotFile snapshot, DataLock held, boolean force) throws IOException, InterruptedException {
        var data = cluster.directory();
        if (Restore.live(data)) {
            if (!force)
                throw new IOException("a cluster is in " + data + ": --force replaces it, after a snapshot of it is"
                        + " made, or give another --data-dir; nothing was changed");
            var before = new SnapshotFolder(data.resolve("snapshots")).next("before-restore", clock.instant());
            told("as it was:", save(before));
        }
        Restore.of(snapshot, held);
    }

    private static String size(long bytes) {
        if (bytes < 1 << 20) return (bytes + 1023 >> 10) + " KiB";
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }
}
