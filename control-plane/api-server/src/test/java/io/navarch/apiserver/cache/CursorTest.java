package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.Samples;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.KindDefinition;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final KindDefinition THINGS = Samples.things();

    private final ChangeLog log = new ChangeLog(Room.ofHeap(1 << 30));

    CursorTest() {
        log.startAt(1);
    }

    private void append(long revision, String namespace) {
        var object = Trees.map("metadata", Trees.map("name", "x", "namespace", namespace));
        var key = THINGS.storagePrefix() + namespace + "/x";
        log.append(new Change(revision, null, StoredObject.of(key, Json.write(object), revision, THINGS)));
    }

    private Cursor cursor(long after, String namespace) {
        return Cursor.open(log, after, Selection.parse(THINGS, THINGS.storage(), namespace, "", "", ""));
    }

    @Test
    void anIdleCursorReportsHowFarTheLogHasCome() throws InterruptedException {
        try (var cursor = cursor(1, "a")) {
            append(5, "b");
            var batch = cursor.poll(1);
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.revision()).isEqualTo(5);
            assertThat(batch.ended()).isFalse();
        }
    }

    @Test
    void aRevisionAheadOfTheLogIsNeverReportedBackwards() throws InterruptedException {
        try (var cursor = cursor(1, "a")) {
            assertThat(cursor.poll(1).revision()).isOne();
        }
        try (var ahead = cursor(9, "a")) {
            append(5, "a");
            var batch = ahead.poll(1);
            assertThat(batch.changes()).isEmpty();
            assertThat(batch.revision()).isEqualTo(9);
        }
    }

    @Test
    void theEndOfTheKindEndsTheCursor() throws InterruptedException {
        try (var cursor = cursor(1, "a")) {
            append(2, "a");
            log.close();
            assertThat(cursor.poll(60_000).ended()).isTrue();
        }
    }

    @Test
    void nobodyWaitsOnceTheServerIsStopping() throws InterruptedException {
        var stopping = new AtomicBoolean(true);
        try (var cursor = cursor(1, "a")) {
            assertThat(cursor.poll(60_000, stopping::get).changes()).isEmpty();
        }
    }

    @Test
    void aClosedCursorIsForgotten() {
        cursor(1, "a").close();
        assertThat(log.followers()).isZero();
    }
}
