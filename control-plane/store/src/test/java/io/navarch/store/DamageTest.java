package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Fatal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to the files while nobody looks: everything reads as it was written, or it is said what is damaged.
class DamageTest {
    private static final int KEYS = 300;
    private static final Fatal UNEXPECTED = (duty, why) -> {
        throw new AssertionError(duty, why);
    };

    @TempDir
    Path directory;

    private Path original;
    private final Map<String, String> contents = new TreeMap<>();
    private long revision;

    @BeforeEach
    void write() {
        original = directory.resolve("original");
        try (var store = open(original)) {
            var random = new Random(1);
            for (int i = 0; i < 1500; i++) {
                var key = "/k/" + random.nextInt(KEYS);
                if (random.nextInt(5) == 0) {
                    store.delete(key, Store.ANY);
                    contents.remove(key);
                } else {
                    store.put(key, StoreContract.bytes("value " + i), Store.ANY, Duration.ZERO);
                    contents.put(key, "value " + i);
                }
                if (i == 700) store.compact(store.revision());
                if (i == 1000) store.rewriteFiles();
            }
            revision = store.revision();
        }
    }

    private static EmbeddedStore open(Path at) {
        return new EmbeddedStore(at, InstantSource.system(), UNEXPECTED);
    }

    private Path copy(int number) throws IOException {
        var copy = directory.resolve("copy-" + number);
        Files.createDirectory(copy);
        for (var file : files(original)) Files.copy(file, copy.resolve(file.getFileName()));
        return copy;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var list = Files.list(directory)) {
            return list.sorted().toList();
        }
    }

    /// All ways of reading, and a write; each says the truth or that there is damage.
    ///
    /// @return what was said
    private String read(Path at) {
        try (var store = open(at)) {
            assertThat(store.revision()).isEqualTo(revision);
            for (int i = 0; i < KEYS; i++) {
                var key = "/k/" + i;
                assertThat(store.get(key).map(StoreContract::text).orElse(null))
                        .as(key)
                        .isEqualTo(contents.get(key));
            }
            var listed = new TreeMap<String, String>();
            for (var entry : store.range("/", "0", 0, 0).entries()) listed.put(entry.key(), StoreContract.text(entry));
            assertThat(listed).isEqualTo(contents);
            assertThat(store.count("/", "0", 0)).isEqualTo(contents.size());
            long next = store.compacted() + 1;
            try (var cursor = store.watch("/", next)) {
                while (cursor.reached() < revision)
                    for (var event : cursor.poll(Duration.ZERO))
                        assertThat(event.revision()).isEqualTo(next++);
            }
            return "";
        } catch (StoreDamagedException | StoreRefusedException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFlippedBitIsSaidOrDoesNotMatter(long seed) throws IOException {
        var random = new Random(seed);
        int number = 0;
        int said = 0;
        for (var file : files(original)) {
            var name = file.getFileName().toString();
            int length = (int) Files.size(file);
            for (int i = 0; i < (name.endsWith(".sst") || name.startsWith("MANIFEST") ? 8 : 2) && length > 0; i++) {
                var at = copy(number++);
                var damaged = at.resolve(name);
                var bytes = Files.readAllBytes(damaged);
                int place = random.nextInt(length);
                bytes[place] ^= (byte) (1 << random.nextInt(8));
                Files.write(damaged, bytes);
                var message = read(at);
                if (message.isEmpty()) continue;
                said++;
                assertThat(message).as("byte %d of %s", place, name).contains(at.toString());
            }
        }
        assertThat(said).isGreaterThan(5);
    }

    @Test
    void aFileThatIsCutOrGoneIsSaid() throws IOException {
        int number = 0;
        for (var file : files(original)) {
            var name = file.getFileName().toString();
            if (name.equals("LOCK") || name.equals("IDENTITY") || name.startsWith("LOG") || Files.size(file) == 0)
                continue;
            if (name.startsWith("OPTIONS")) continue;
            var gone = copy(number++);
            Files.delete(gone.resolve(name));
            boolean log = name.endsWith(".log");
            if (!log) assertThat(read(gone)).as(name + " is gone").contains(gone.toString());
            var cut = copy(number++);
            var bytes = Files.readAllBytes(cut.resolve(name));
            Files.write(cut.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
            if (!log) assertThat(read(cut)).as(name + " is cut").contains(cut.toString());
        }
    }

    /// A manifest that has lost its last record describes a store of yesterday.
    @Test
    void filesThatHaveLostTheirEndAreNotTakenForAll() throws IOException {
        var older = directory.resolve("older");
        try (var store = open(older)) {
            store.put("/a", new byte[10], Store.ABSENT, Duration.ZERO);
        }
        Files.copy(original.resolve("FORMAT"), older.resolve("FORMAT"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> open(older))
                .isInstanceOf(StoreDamagedException.class)
                .hasMessageContaining("has lost its end: it reaches revision 2, and has been at " + revision);
    }

    @Test
    void anotherFormatIsRefusedByName() throws IOException {
        var format = original.resolve("FORMAT");
        Files.writeString(format, "navarch-store 3 17 of another shape\n");
        assertThatThrownBy(() -> open(original))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining(original + " has format 3, written by a newer version of Navarch");
        Files.writeString(format, "navarch-store 1 17\n");
        assertThatThrownBy(() -> open(original))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("written by an older version");
        Files.delete(format);
        assertThatThrownBy(() -> open(original))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("has no file FORMAT");
    }

    @Test
    void aSecondServerIsRefusedByName() throws Exception {
        try (var store = open(original)) {
            assertThatThrownBy(() -> open(original))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("the store in " + original + " is in use by this process");
            assertThat(store.get("/k/1").isPresent()).isEqualTo(contents.containsKey("/k/1"));
            var messages = new ArrayList<String>();
            var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            var other = new ProcessBuilder(
                            java,
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Other.class.getName(),
                            original.toString())
                    .redirectErrorStream(true)
                    .start();
            try (var reader = other.inputReader()) {
                reader.lines().forEach(messages::add);
            }
            assertThat(messages)
                    .anyMatch(line -> line.contains(
                            "is in use by process " + ProcessHandle.current().pid()));
        }
    }

    @Test
    void aWholeStoreChecksWell() {
        var report = StoreCheck.check(original);
        assertThat(report.problems()).isEmpty();
        assertThat(report.keys()).isEqualTo(contents.size());
        assertThat(report.revision()).isEqualTo(revision);
        try (var store = open(original)) {
            assertThatThrownBy(() -> StoreCheck.check(original)).isInstanceOf(StoreRefusedException.class);
        }
        assertThatThrownBy(() -> StoreCheck.check(directory.resolve("nothing")))
                .hasMessageContaining("there is no store in");
    }

    /// What is left is as it was, what is lost is named, and the revision does not go back.
    @Test
    void aRepairKeepsWhatCanBeReadAndNamesTheRest() throws IOException {
        int number = 0;
        int damaged = 0;
        for (var file : files(original)) {
            var name = file.getFileName().toString();
            if (!name.endsWith(".sst")) continue;
            var at = copy(number++);
            var bytes = Files.readAllBytes(at.resolve(name));
            bytes[20] ^= 4;
            Files.write(at.resolve(name), bytes);
            assertThat(StoreCheck.check(at).problems()).as(name).anyMatch(problem -> problem.contains(name));
            var report = StoreRepair.repair(at);
            var lost = String.join("\n", report.lost());
            if (!report.lost().isEmpty()) damaged++;
            assertThat(StoreCheck.check(at).problems()).isEmpty();
            assertThat(StoreCheck.check(report.before()).problems()).isNotEmpty();
            try (var store = open(at)) {
                assertThat(store.revision()).isEqualTo(revision);
                assertThatThrownBy(() -> store.watch("/", revision)).isInstanceOf(Store.CompactedException.class);
                var left = new TreeMap<String, String>();
                for (var entry : store.range("/", "0", 0, 0).entries())
                    left.put(entry.key(), StoreContract.text(entry));
                contents.forEach((key, value) -> {
                    if (left.containsKey(key)) assertThat(left.get(key)).isEqualTo(value);
                    else assertThat(lost).as("%s, %s", name, key).contains(key + ": ");
                });
                assertThat(contents.keySet()).containsAll(left.keySet());
                assertThat(store.put("/new", new byte[1], Store.ABSENT, Duration.ZERO)
                                .revision())
                        .isEqualTo(revision + 1);
            }
        }
        assertThat(damaged).isGreaterThan(0);
    }

    /// Another process.
    static final class Other {
        public static void main(String[] arguments) {
            try (var store = open(Path.of(arguments[0]))) {
                System.out.println("opened at " + store.revision());
            } catch (StoreRefusedException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
