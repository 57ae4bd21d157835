package io.navarch.crash.postgres;

import io.navarch.crash.Tally;
import io.navarch.crash.postgres.Processes.Postmaster;
import java.io.IOException;
import java.util.HashMap;
import java.util.Optional;

/// Looks all the time whether two servers run on one data directory.
final class Twins implements AutoCloseable {
    private static final long PERIOD_MILLIS = 50;

    private final Tally tally;
    private final Thread thread;
    private volatile boolean stopped;

    Twins(Tally tally) {
        this.tally = tally;
        thread = Thread.ofPlatform().name("twins").start(this::watch);
    }

    private void watch() {
        while (!stopped) {
            try {
                look();
                Thread.sleep(PERIOD_MILLIS);
            } catch (IOException | RuntimeException e) {
                tally.finding("look", e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look() throws IOException {
        var first = new HashMap<Object, Postmaster>();
        for (var each : Processes.postmasters()) {
            var other = first.putIfAbsent(each.directory(), each);
            // The one that was seen first lives on after the other was seen.
            if (other != null && Processes.postmaster(other.pid()).equals(Optional.of(other)))
                tally.finding("twins", "servers " + other.pid() + " and " + each.pid() + " on one directory");
        }
        tally.add("looks for twins");
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }
}
