package io.navarch.crash;

import io.navarch.client.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// One life after the other: a server starts on what the last one has left, is looked at, is written to, and dies.
final class Rounds implements AutoCloseable {
    /// What the cluster is known by, which no death may change.
    private static final List<String> IDENTITY = List.of("pki/ca.crt", "pki/sa.key", "encryption.yaml");

    private static final List<String> HISTORIES = List.of("100ms", "300ms", "1s", "5m0s");
    private static final int START_MILLIS = 2500;
    private static final int LEAST_MILLIS = 50;
    private static final int MOST_MILLIS = 3000;
    private static final int ENDING_MILLIS = 400;

    /// How a life ends.
    private enum End {
        /// In the middle of the first start of all.
        WHILE_MADE,
        WHILE_STARTING,
        UNDER_LOAD,
        /// Asked to end, and killed before it has.
        WHILE_ENDING
    }

    private final Crash.Options options;
    private final Tally tally;
    private final Disk disk;
    private final Victim victim;
    private final Random random;
    private final Ledger ledger = new Ledger();
    private final List<Follower> followers;
    private final Load load;
    private final Inspection inspection;
    private final Path log;
    private Map<String, String> identity = new HashMap<>();
    private int kept;

    Rounds(Crash.Options options, List<String> program, Tally tally) throws IOException, InterruptedException {
        this.options = options;
        this.tally = tally;
        random = new Random(options.seed());
        disk = options.power()
                ? new LoopDisk(options.directory().resolve("disk"))
                : new PlainDisk(options.directory().resolve("data"));
        log = options.directory().resolve("server.log");
        victim = new Victim(program, disk.data(), options.port(), log);
        followers = Kind.CHANGING.stream()
                .map(kind -> new Follower(kind, ledger, tally))
                .toList();
        load = new Load(ledger, tally);
        inspection = new Inspection(ledger, followers, tally);
    }

    void run() throws IOException, InterruptedException {
        clear();
        for (int round = 1; round <= options.rounds(); round++) {
            long before = tally.findings();
            live(end());
            tally.add("rounds");
            disk.restore();
            if (tally.findings() > before) keep(round);
            if (round % 10 == 0) System.out.println(tally);
        }
        // What the last one has left.
        ledger.listen(true);
        victim.start("5m0s");
        victim.ready().ifPresentOrElse(this::look, this::neverReady);
        rest();
    }

    private End end() throws IOException, InterruptedException {
        int chance = random.nextInt(100);
        if (chance < 8) clear();
        if (chance < 8) return End.WHILE_MADE;
        if (chance < 20) return End.WHILE_STARTING;
        return chance < 35 ? End.WHILE_ENDING : End.UNDER_LOAD;
    }

    private void clear() throws IOException, InterruptedException {
        disk.clear();
        ledger.clear();
        identity = new HashMap<>();
        followers.forEach(Follower::clear);
    }

    private void live(End end) throws IOException, InterruptedException {
        tally.add("ends " + end.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        ledger.listen(true);
        victim.start(HISTORIES.get(random.nextInt(HISTORIES.size())));
        if (end == End.WHILE_MADE || end == End.WHILE_STARTING) {
            Thread.sleep(random.nextInt(START_MILLIS));
            if (!victim.alive()) neverReady();
            die();
            return;
        }
        var client = victim.ready();
        if (client.isEmpty()) {
            neverReady();
            die();
            return;
        }
        look(client.get());
        load.start(client.get(), random);
        Thread.sleep(lifetime());
        if (!victim.alive()) tally.finding("end", "the server has ended by itself: " + lastLine());
        if (end == End.WHILE_ENDING) {
            victim.ask();
            Thread.sleep(random.nextInt(ENDING_MILLIS));
            if (!victim.alive()) tally.add("ended in time");
        }
        die();
        rest();
    }

    /// Short lives are as frequent as long ones.
    private long lifetime() {
        return Math.round(LEAST_MILLIS * Math.pow((double) MOST_MILLIS / LEAST_MILLIS, random.nextDouble()));
    }

    /// Power may go while the server runs, which is told of writes that fail then, or together with it.
    private void die() throws IOException, InterruptedException {
        if (options.power() && random.nextBoolean()) {
            ledger.listen(false);
            disk.cut();
            Thread.sleep(random.nextInt(50));
            victim.kill();
        } else {
            victim.kill();
            disk.cut();
        }
    }

    private void rest() throws InterruptedException {
        victim.kill();
        load.stop();
        for (var follower : followers) follower.stop();
    }

    private void look(Client client) {
        try {
            for (var follower : followers) follower.start(client);
            recognise();
            if (!load.prepared(client)) tally.finding("answer", "namespaces cannot be made: " + lastLine());
            if (inspection.done(client)) tally.add("inspections");
        } catch (IOException e) {
            tally.finding("identity", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void neverReady() {
        tally.finding("start", "the server does not start (" + victim.trouble() + "): " + lastLine());
    }

    private void recognise() throws IOException {
        for (var name : IDENTITY) {
            var file = disk.data().resolve(name);
            // A server may be ready before it has made keys for tokens; once they are there they stay.
            if (!identity.containsKey(name) && !Files.exists(file)) continue;
            var text = Files.readString(file);
            var before = identity.putIfAbsent(name, text);
            if (before != null && !before.equals(text)) tally.finding("identity", name + " has changed");
        }
    }

    private String lastLine() {
        try {
            var lines = Files.readAllLines(log);
            return lines.isEmpty() ? "(it says nothing)" : lines.getLast();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// What there is to look at later, of the first ones.
    private void keep(int round) throws IOException, InterruptedException {
        // What is wrong once is told once.
        followers.forEach(Follower::clear);
        if (++kept > 3) return;
        var place = Files.createDirectories(options.directory().resolve("found-" + round));
        Command.status("cp", "-a", disk.data().toString(), place.toString());
        try {
            Files.copy(log, place.resolve("server.log"), StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            // It has said nothing.
        }
        System.out.println("round " + round + " of seed " + options.seed() + " is kept in " + place);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // Cleaning up is not to be interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            rest();
            victim.close();
        } finally {
            disk.close();
            if (kept == 0) PlainDisk.remove(options.directory());
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
