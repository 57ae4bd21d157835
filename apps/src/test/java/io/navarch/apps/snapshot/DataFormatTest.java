package io.navarch.apps.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import io.navarch.store.StoreRefusedException;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFormatTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path data;

    private final List<String> done = new ArrayList<>();

    private DataFormat format(String version, int steps) {
        var all = new ArrayList<DataFormat.Step>();
        for (int i = 0; i < steps; i++) {
            int step = i;
            all.add(directory -> done.add("from " + step));
        }
        return new DataFormat(data, version, all);
    }

    private void store() {
        try (var store = new EmbeddedStore(data.resolve("store"), InstantSource.system())) {
            store.put("/a", new byte[1], Store.ANY, Duration.ZERO);
        }
    }

    private List<SnapshotFile> snapshots() throws IOException {
        return new SnapshotFolder(data.resolve("snapshots")).list().snapshots();
    }

    @Test
    void aNewDirectoryHasTodaysForm() throws Exception {
        format("v2", 2).prepare(NOW);
        assertThat(DataFormat.read(data)).contains(new DataFormat.Said(2, "v2"));
        assertThat(done).isEmpty();
        format("v3", 2).prepare(NOW);
        assertThat(DataFormat.read(data)).contains(new DataFormat.Said(2, "v3"));
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void anOlderOneIsBroughtIntoItAfterASnapshot() throws Exception {
        store();
        format("v1", 1).prepare(NOW);
        assertThat(snapshots()).hasSize(1);
        format("v3", 3).prepare(NOW.plusSeconds(1));
        assertThat(done).containsExactly("from 0", "from 1", "from 2");
        assertThat(snapshots())
                .extracting(each -> each.path().getFileName().toString())
                .containsExactly(
                        "before-format-3-20260102T030406Z.snapshot", "before-format-1-20260102T030405Z.snapshot");
        assertThat(SnapshotFile.verify(snapshots().getFirst().path()).keys()).isEqualTo(1);
    }

    @Test
    void whatChangesNothingNeedsNoSnapshot() throws Exception {
        store();
        new DataFormat(data, "v1", List.of(DataFormat.Step.NOTHING)).prepare(NOW);
        assertThat(snapshots()).isEmpty();
        assertThat(DataFormat.read(data)).contains(new DataFormat.Said(1, "v1"));
    }

    /// What a start that was killed has left takes no room for ever.
    @Test
    void whatWasBegunAndNotEndedGoes() throws Exception {
        store();
        var begun = data.resolve("snapshots/.before-format-1-20260102T030405Z.snapshot.7.part");
        Files.createDirectories(begun.getParent());
        Files.writeString(begun, "begun");
        format("v1", 1).prepare(NOW);
        assertThat(begun).doesNotExist();
        assertThat(snapshots()).hasSize(1);
    }

    @Test
    void theSnapshotOfBeforeIsTheWayBack() throws Exception {
        store();
        format("v1", 1).prepare(NOW);
        format("v2", 2).prepare(NOW.plusSeconds(1));
        var before = snapshots().getFirst();
        assertThatThrownBy(() -> format("v1", 1).prepare(NOW)).isInstanceOf(StoreRefusedException.class);
        var later = SnapshotFile.write(
                data.resolve("later"), data, out -> StoreSnapshot.take(data.resolve("store"), out), "v2", NOW);
        try (var held = DataLock.take(data)) {
            Restore.of(before, held);
        }
        format("v1", 1).prepare(NOW);
        assertThat(DataFormat.read(data)).contains(new DataFormat.Said(1, "v1"));
        // Of what was made after the upgrade it says that it is none of its own.
        try (var held = DataLock.take(data)) {
            assertThatThrownBy(() -> Restore.of(later, held))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("data of format 2, used last by v2");
        }
        done.clear();
        format("v2", 2).prepare(NOW.plusSeconds(2));
        assertThat(done).containsExactly("from 1");
    }

    @Test
    void aStepThatFailsIsDoneAgainAndThoseBeforeAreNot() throws Exception {
        store();
        var broken = new DataFormat(data, "v2", List.of(directory -> done.add("from 0"), directory -> {
            throw new IOException("no space");
        }));
        assertThatThrownBy(() -> broken.prepare(NOW)).hasMessage("no space");
        format("v2", 2).prepare(NOW.plusSeconds(1));
        assertThat(done).containsExactly("from 0", "from 1");
    }

    @Test
    void aNewerOneIsRefusedWithTheReason() throws Exception {
        format("v9", 4).prepare(NOW);
        assertThatThrownBy(() -> format("v2", 2).prepare(NOW))
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("has format 4, used last by v9; this is v2, which knows format 2");
        Files.writeString(data.resolve("FORMAT"), "navarch-data one\n");
        assertThatThrownBy(() -> DataFormat.read(data)).isInstanceOf(StoreRefusedException.class);
    }
}
