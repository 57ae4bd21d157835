package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.Samples;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private static final KindDefinition THINGS = Samples.things();
    private static final int MORE_THAN_KEPT = 5000;

    private final ChangeLog log = new ChangeLog(Room.ofHeap(1 << 30));

    private void append(long revision) {
        var object = Trees.map("metadata", Trees.map("name", "x", "namespace", "a"));
        var stored = StoredObject.of(THINGS.storagePrefix() + "a/x", Json.write(object), revision, THINGS);
        log.append(new Change(revision, null, stored));
    }

    @Test
    void aPositionIsTheFirstChangeAfterARevision() {
        log.startAt(10);
        for (long revision : new long[] {12, 15, 20}) append(revision);
        assertThat(log.position(10)).isZero();
        assertThat(log.position(12)).isOne();
        assertThat(log.position(14)).isOne();
        assertThat(log.position(20)).isEqualTo(3);
    }

    @Test
    void whatWasBeforeTheLoadIsExpired() {
        log.startAt(10);
        append(12);
        assertThatThrownBy(() -> log.position(9))
                .isInstanceOf(ExpiredException.class)
                .hasMessage("too old resource version: 9 (10)");
    }

    @Test
    void whatWasOverwrittenIsExpired() {
        log.startAt(0);
        for (long revision = 1; revision <= MORE_THAN_KEPT; revision++) append(revision);
        assertThatThrownBy(() -> log.position(1)).isInstanceOf(ExpiredException.class);
        assertThatThrownBy(() -> log.read(0, 0, new ArrayList<>())).isInstanceOf(ExpiredException.class);
        assertThat(log.position(MORE_THAN_KEPT - 1)).isEqualTo(MORE_THAN_KEPT - 1);
    }

    @Test
    void fewLargeChangesAreKept() {
        log.startAt(0);
        var large = Trees.map(
                "metadata", Trees.map("name", "x", "namespace", "a"), "data", Trees.map("a", "x".repeat(1 << 20)));
        var bytes = Json.write(large);
        for (long revision = 1; revision <= 200; revision++)
            log.append(new Change(
                    revision, null, StoredObject.of(THINGS.storagePrefix() + "a/x", bytes, revision, THINGS)));
        assertThatThrownBy(() -> log.position(100)).isInstanceOf(ExpiredException.class);
        assertThat(log.position(150)).isEqualTo(150);
        // Small ones that follow push out the large ones only one for one, and then many are kept again.
        for (long revision = 201; revision <= 2000; revision++) append(revision);
        assertThat(log.position(201)).isEqualTo(201);
    }

    @Test
    void aReaderGetsABatchAtATimeAndLeavesOutWhatItHas() {
        log.startAt(0);
        for (long revision = 1; revision <= 700; revision++) append(revision);
        var first = new ArrayList<Change>();
        long next = log.read(0, 3, first);
        assertThat(first.getFirst().revision()).isEqualTo(4);
        assertThat(next).isLessThan(700);
        assertThat(log.revisionBefore(next)).isEqualTo(first.getLast().revision());
        var rest = new ArrayList<Change>();
        assertThat(log.read(next, 3, rest)).isEqualTo(700);
        assertThat(rest.getLast().revision()).isEqualTo(700);
    }

    @Test
    void theLogKnowsHowFarItHasComeWithoutChanges() {
        log.startAt(5);
        log.advance(9);
        log.advance(7);
        assertThat(log.revision()).isEqualTo(9);
        assertThat(log.added()).isZero();
    }
}
