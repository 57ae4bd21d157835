package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes, deletes and compacts all the time is killed again and again; what it has been told is there.
class KillTest {
    private static final int ROUNDS = 6;
    /// Of each worker, written in turn.
    private static final int KEYS = 7;
    /// Every so many writes are deletions.
    private static final int DELETING = 5;

    @TempDir
    Path directory;

    /// What was acknowledged for a key at last.
    private record Known(long revision, long number, boolean deleted) {}

    private final Map<String, Known> acknowledged = new HashMap<>();

    @Test
    void everythingAcknowledgedIsThereAndAllPartsAgree() throws Exception {
        var random = new Random(7);
        long newest = 0;
        for (int round = 0; round < ROUNDS; round++) {
            newest = Math.max(newest, killAfter(300 + random.nextInt(1500)));
            assertThat(StoreCheck.check(directory.resolve("db")).problems())
                    .as("round %d", round)
                    .isEmpty();
            try (var store = new EmbeddedStore(directory.resolve("db"), InstantSource.system())) {
                assertThat(store.revision()).isGreaterThanOrEqualTo(newest);
                acknowledged.forEach((key, known) -> assertThat(holds(store, key, known))
                        .as("%s: %s", key, known)
                        .isTrue());
                newest = store.revision();
            }
        }
    }

    /// The next write of the key, which is the first after a start or one of the row, may have been stored, and its
    /// answer lost.
    private static boolean holds(Store store, String key, Known known) {
        var found = store.get(key);
        boolean mayBeDeleted = deletes(known.number + KEYS) || deletes(key.charAt(key.length() - 1) - '0');
        if (found.isEmpty()) return known.deleted || mayBeDeleted;
        if (found.get().modRevision() == known.revision)
            return !known.deleted && StoreContract.text(found.get()).equals("" + known.number);
        return found.get().modRevision() > known.revision;
    }

    private static boolean deletes(long number) {
        return number % DELETING == DELETING - 1;
    }

    private long killAfter(int answers) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Busy.class.getName(),
                        directory.resolve("db").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long newest = 0;
        try (var reader = process.inputReader()) {
            for (int read = 0; ; read++) {
                var line = reader.readLine();
                if (line == null) break;
                // The last one may be cut.
                if (line.endsWith(" true") || line.endsWith(" false")) newest = Math.max(newest, take(line));
                if (read == answers) process.toHandle().destroyForcibly();
            }
        }
        assertThat(process.waitFor()).as("it did not end by itself").isEqualTo(128 + 9);
        return newest;
    }

    private long take(String line) {
        var words = line.split(" ");
        var known = new Known(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3].equals("true"));
        acknowledged.merge(words[0], known, (before, now) -> now.revision > before.revision ? now : before);
        return known.revision;
    }

    /// Says of each write what became of it, once it is durable.
    static final class Busy {
        public static void main(String[] arguments) {
            var store = new EmbeddedStore(Path.of(arguments[0]), InstantSource.system());
            for (int worker = 0; worker < 4; worker++) {
                int own = worker;
                Thread.ofPlatform().start(() -> {
                    for (long number = 0; ; number++) {
                        var key = "/k/" + own + "/" + number % KEYS;
                        boolean deletes = deletes(number);
                        var outcome = deletes
                                ? store.delete(key, Store.ANY)
                                : store.put(key, StoreContract.bytes("" + number), Store.ANY, Duration.ZERO);
                        if (outcome.written())
                            System.out.println(key + " " + outcome.revision() + " " + number + " " + deletes);
                    }
                });
            }
            Thread.ofPlatform().start(() -> {
                while (true) store.compact(Math.max(1, store.revision() - 20));
            });
        }
    }
}
