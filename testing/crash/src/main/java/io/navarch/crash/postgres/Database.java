package io.navarch.crash.postgres;

import io.navarch.crash.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// One server of the StatefulSet, who writes to it, and what must be in it.
final class Database {
    private static final int WRITERS = 4;
    private static final long BETWEEN_MILLIS = 5;
    private static final long AGAIN_MILLIS = 200;
    private static final int PORT = 5432;
    private static final String USER = "test";
    /// A row is some hundred bytes, so that pages fill.
    private static final String FILLING = "repeat('x', 200)";

    final String pod;
    private final String address;
    private final Tally tally;
    private final List<Commits> writers =
            IntStream.range(0, WRITERS).mapToObj(writer -> new Commits()).toList();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;
    private volatile long lastCommit = System.nanoTime();
    private volatile long longestGap;

    /// @param address of the pod's own service
    Database(String pod, String address, Tally tally) {
        this.pod = pod;
        this.address = address;
        this.tally = tally;
    }

    void prepare() throws IOException {
        try (var session = new Session(address, PORT, USER)) {
            session.run("CREATE TABLE IF NOT EXISTS rows (writer int, number int, filling text,"
                    + " PRIMARY KEY (writer, number));"
                    + "CREATE TABLE IF NOT EXISTS others (writer int, number int)");
        }
    }

    boolean answers() {
        try (var session = new Session(address, PORT, USER)) {
            session.run("SELECT 1");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void start() {
        lastCommit = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            threads.add(Thread.ofPlatform().name(pod + "-" + i).start(() -> write(writer)));
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (var thread : threads) thread.join();
        gap(System.nanoTime());
    }

    private void write(int writer) {
        while (!stopped) {
            try (var session = new Session(address, PORT, USER)) {
                while (!stopped) {
                    int number = writers.get(writer).next();
                    session.run("BEGIN; INSERT INTO rows VALUES (" + writer + ", " + number + ", " + FILLING
                            + "); INSERT INTO others VALUES (" + writer + ", " + number + "); COMMIT");
                    writers.get(writer).acknowledge(number);
                    committed();
                    // The machine is others', too.
                    pause(BETWEEN_MILLIS);
                }
            } catch (IOException e) {
                tally.add("connections lost or refused");
                pause(AGAIN_MILLIS);
            } catch (RuntimeException e) {
                // Nobody else would say that it writes no more.
                tally.finding("writer", pod + ": " + e);
                return;
            }
        }
    }

    private synchronized void committed() {
        long now = System.nanoTime();
        gap(now);
        lastCommit = now;
    }

    private synchronized void gap(long now) {
        longestGap = Math.max(longestGap, now - lastCommit);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Compares what is there with what was acknowledged before anybody looked.
    void inspect() throws IOException {
        try (var session = new Session(address, PORT, USER)) {
            // What indexes say is asked apart from what tables have.
            session.run("SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off");
            for (int writer = 0; writer < WRITERS; writer++) inspect(session, writer);
            session.numbers(
                    "SELECT count(*) FROM rows FULL JOIN others USING (writer, number)"
                            + " WHERE rows.filling IS NULL OR others.number IS NULL",
                    count -> {
                        if (count > 0) tally.finding("half", pod + ": " + count + " transactions are there by half");
                    });
        }
        tally.add("inspections");
    }

    private void inspect(Session session, int writer) throws IOException {
        var commits = writers.get(writer);
        var missing = commits.acknowledged();
        var seen = new BitSet();
        session.numbers("SELECT number FROM rows WHERE writer = " + writer, number -> {
            if (!commits.sent(number)) tally.finding("unasked", pod + ": " + writer + " never sent " + number);
            if (seen.get((int) number)) tally.finding("twice", pod + ": " + number + " of " + writer);
            seen.set((int) number);
            missing.clear((int) number);
        });
        if (!missing.isEmpty())
            tally.finding(
                    "lost",
                    pod + ": " + missing.cardinality() + " committed rows of writer " + writer + ", the first "
                            + missing.nextSetBit(0));
    }

    long committedRows() {
        return writers.stream().mapToLong(Commits::count).sum();
    }

    long unknownRows() {
        return writers.stream().mapToLong(Commits::unknown).sum();
    }

    /// The longest time in which nothing was committed.
    long longestGapSeconds() {
        return longestGap / 1_000_000_000;
    }
}
