package io.navarch.crash.postgres;

import io.navarch.crash.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Runs two PostgreSQL servers in a cluster of its own, writes to them, and kills.
///
/// `--minutes N` (1), `--seed S` (1), `--data-dir D` (`/var/lib/navarch-postgres`), `--port P` (6443). Ends with 1 if
/// anything was found.
public final class PostgresKills {
    private static final Duration BACK = Duration.ofMinutes(7);
    private static final Duration BETWEEN_INSPECTIONS = Duration.ofSeconds(60);

    /// How often the next blow waits until all is well again, and how long.
    private static final int PATIENT_PERCENT = 70;

    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(60);
    /// Of each database, before all is well.
    private static final long WRITES = 20;

    private final Cluster cluster;
    private final Duration length;
    private final Tally tally = new Tally();
    private final Random random;
    private final Killer killer;

    private PostgresKills(Cluster cluster, Duration length, long seed) {
        this.cluster = cluster;
        this.length = length;
        random = new Random(seed);
        killer = new Killer(cluster, tally, random);
    }

    private static PostgresKills of(List<String> arguments) {
        int minutes = 1;
        long seed = 1;
        int port = 6443;
        var data = "/var/lib/navarch-postgres";
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            var value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--minutes" -> minutes = Integer.parseInt(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--port" -> port = Integer.parseInt(value);
                case "--data-dir" -> data = value;
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new PostgresKills(new Cluster(Path.of(data).toAbsolutePath(), port), Duration.ofMinutes(minutes), seed);
    }

    public static void main(String... arguments) throws Exception {
        var run = of(List.of(arguments));
        try {
            run.cluster.up();
            run.run();
        } finally {
            System.out.println(run.tally);
        }
        // What is wrong is to be looked at, also when it could not be found out what it is.
        if (run.tally.findings() == 0) run.cluster.purge();
        System.exit(run.tally.findings() == 0 ? 0 : 1);
    }

    private void run() throws IOException, InterruptedException {
        int networks = Remains.networks();
        cluster.apply();
        killer.remember();
        var databases = new ArrayList<Database>();
        for (var pod : Cluster.PODS) databases.add(new Database(pod, cluster.address(pod), tally));
        for (var each : databases) each.prepare();
        try (var twins = new Twins(tally)) {
            databases.forEach(Database::start);
            kill(databases);
            for (var each : databases) each.stop();
            for (var each : databases) awaitBack(each);
        }
        for (var each : databases) each.inspect();
        for (var each : databases) {
            tally.add("committed rows", each.committedRows());
            if (each.committedRows() == 0) tally.finding("idle", each.pod + " has committed nothing");
            tally.add("rows without an answer", each.unknownRows());
            System.out.println(each.pod + ": nothing was committed for " + each.longestGapSeconds() + " s at the most");
        }
        cluster.awaitServer();
        System.out.print(cluster.kubectl("get", "pods,pvc,pv"));
        killer.remember();
        cluster.remove();
        new Remains(cluster.data(), killer.uids()).tell(tally, networks);
    }

    private void kill(List<Database> databases) throws IOException, InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        long look = System.nanoTime() + BETWEEN_INSPECTIONS.toNanos();
        while (System.nanoTime() < end) {
            killer.pause();
            if (System.nanoTime() > look) {
                databases.forEach(this::inspect);
                System.out.println(tally);
                look = System.nanoTime() + BETWEEN_INSPECTIONS.toNanos();
            }
            killer.strike();
            if (random.nextInt(100) < PATIENT_PERCENT) awaitWrites(databases);
        }
    }

    /// On a slow machine nothing would ever run between two blows.
    private static void awaitWrites(List<Database> databases) throws InterruptedException {
        var before = databases.stream().map(Database::committedRows).toList();
        long end = System.nanoTime() + LONGEST_PATIENCE.toNanos();
        for (int i = 0; i < databases.size(); i++) {
            while (databases.get(i).committedRows() <= before.get(i) + WRITES && System.nanoTime() < end)
                Thread.sleep(100);
        }
    }

    /// While it is written to, if it is there.
    private void inspect(Database database) {
        try {
            database.inspect();
        } catch (IOException e) {
            tally.add("inspections put off");
        }
    }

    private void awaitBack(Database database) throws InterruptedException {
        long end = System.nanoTime() + BACK.toNanos();
        while (!database.answers()) {
            if (System.nanoTime() > end) {
                tally.finding("gone", database.pod + " has not come back in " + BACK.toSeconds() + " s");
                return;
            }
            Thread.sleep(500);
        }
    }
}
