package io.navarch.apps.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long GIB = 1 << 30;

    @TempDir
    Path directory;

    private Path cluster(String name) throws IOException {
        var data = directory.resolve(name);
        Files.createDirectories(data.resolve("pki"));
        Files.writeString(data.resolve("pki/ca.crt"), "authority of " + name);
        try (var store = new EmbeddedStore(data.resolve("store"), InstantSource.system())) {
            for (int i = 0; i < 8; i++) store.put("/" + i, new byte[1 << 20], Store.ANY, Duration.ZERO);
        }
        return data;
    }

    private void look(Path data, Instant now, LongSupplier free) throws Exception {
        var plan = new SnapshotSchedule.Plan(directory.resolve("kept"), Duration.ofHours(6), 2);
        SnapshotFile.Source source = out -> StoreSnapshot.take(data.resolve("store"), out);
        new SnapshotSchedule(plan, data, source, "v1", InstantSource.fixed(now), free).look();
    }

    private void look(Path data, int hour) throws Exception {
        look(data, NOW.plus(Duration.ofHours(hour)), () -> Long.MAX_VALUE);
    }

    private List<Instant> times(Path data) throws IOException {
        var cluster = SnapshotFile.cluster(data);
        return new SnapshotFolder(directory.resolve("kept"))
                .list().snapshots().stream()
                        .filter(each -> each.cluster().equals(cluster))
                        .map(SnapshotFile::time)
                        .toList();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory.resolve("kept"))) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static Instant at(int hour) {
        return NOW.plus(Duration.ofHours(hour));
    }

    @Test
    void aClockThatWasAheadStopsNothingAndCostsNoneOfToday() throws Exception {
        var data = cluster("one");
        look(data, 1000);
        look(data, 1006);
        look(data, 0);
        look(data, 1);
        assertThat(times(data)).containsExactly(at(1006), at(1000), at(0));
        look(data, 6);
        look(data, 12);
        assertThat(times(data)).containsExactly(at(1006), at(1000), at(12), at(6));
    }

    @Test
    void twoClustersWithOneFolderKeepWhatIsTheirs() throws Exception {
        var one = cluster("one");
        var two = cluster("two");
        for (int hour : new int[] {0, 6, 12}) {
            look(one, hour);
            look(two, hour);
        }
        assertThat(times(one)).containsExactly(at(12), at(6));
        assertThat(times(two)).containsExactly(at(12), at(6));
    }

    @Test
    void itGivesUpBeforeTheDiskIsFull() throws Exception {
        var data = cluster("one");
        var looks = new AtomicInteger();
        assertThatThrownBy(() -> look(data, NOW, () -> looks.incrementAndGet() < 4 ? 2 * GIB : GIB - 1))
                .isInstanceOf(IOException.class)
                .hasMessage("only 1023 MiB are free");
        assertThat(looks).hasValue(4);
        assertThat(names()).isEmpty();
    }

    /// The next one will be as long as the last.
    @Test
    void itDoesNotBeginWhatHasNoRoom() throws Exception {
        var data = cluster("one");
        look(data, 0);
        assertThatThrownBy(() -> look(data, at(6), () -> GIB)).isInstanceOf(IOException.class);
        assertThat(times(data)).containsExactly(at(0));
    }

    @Test
    void whatWasBegunAndNotEndedGoes() throws Exception {
        var one = cluster("one");
        look(one, 0);
        var folder = directory.resolve("kept");
        var own = "."
                + new SnapshotFolder(folder)
                        .nextScheduled(SnapshotFile.cluster(one), at(3))
                        .getFileName() + ".123.part";
        var others = List.of(".scheduled-0123456789ab-20260102T030405Z.snapshot.1.part", ".saved-x.snapshot.1.part");
        Files.writeString(folder.resolve(own), "begun");
        for (var other : others) Files.writeString(folder.resolve(other), "being written");
        look(one, 6);
        assertThat(times(one)).containsExactly(at(6), at(0));
        assertThat(names()).hasSize(4).containsAll(others).doesNotContain(own);
    }
}
