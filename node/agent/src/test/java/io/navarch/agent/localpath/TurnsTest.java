package io.navarch.agent.localpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.process.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final ObjectKey ONE = new ObjectKey("", "one");
    private static final ObjectKey TWO = new ObjectKey("", "two");

    private final Turns turns = new Turns(new Backoff(Duration.ofNanos(10), Duration.ofNanos(1000)));

    @Test
    void whatFailsWaitsLongerEachTimeThoughItsFailureIsAChange() {
        turns.ask(ONE, true, 0);
        long now = 0;
        for (long pause = 10; pause < 1000; pause *= 2) {
            assertThat(turns.due(now)).containsExactly(ONE);
            turns.ask(ONE, false, now);
            turns.ended(ONE, false, now);
            turns.ask(ONE, false, now);
            assertThat(turns.due(now)).isEmpty();
            assertThat(turns.pause(now)).hasValue(pause);
            assertThat(turns.due(now + pause - 1)).isEmpty();
            now += pause;
        }
    }

    @Test
    void nobodyHasTwoTurnsAtATime() {
        turns.ask(ONE, true, 0);
        assertThat(turns.due(0)).containsExactly(ONE);
        turns.ask(ONE, true, 0);
        turns.ask(TWO, true, 0);
        assertThat(turns.due(5)).containsExactly(TWO);
        assertThat(turns.pause(5)).isEmpty();
        // What has changed meanwhile is looked at again.
        turns.ended(ONE, true, 5);
        assertThat(turns.due(5)).containsExactly(ONE);
        turns.ended(ONE, true, 5);
        assertThat(turns.due(1_000_000)).isEmpty();
    }

    @Test
    void anotherThingToDoDoesNotWaitForWhatHasFailed() {
        turns.ask(ONE, true, 0);
        assertThat(turns.due(0)).containsExactly(ONE);
        turns.ended(ONE, false, 0);
        turns.ask(ONE, true, 1);
        assertThat(turns.due(1)).containsExactly(ONE);
        turns.ask(ONE, true, 1);
        turns.ended(ONE, false, 2);
        assertThat(turns.due(2)).containsExactly(ONE);
    }

    @Test
    void whatTheNodeSaysOfAFailureIsNothingNewToDo() {
        var content = content("", "");
        assertThat(LocalSnapshots.renewed(content, content("", "status: {error: {message: other}}"), "n"))
                .isFalse();
        assertThat(LocalSnapshots.renewed(content, content("", "status: {readyToUse: true}"), "n"))
                .isTrue();
        assertThat(LocalSnapshots.renewed(
                        content,
                        content(
                                "deletionTimestamp: 2026-01-01T00:00:00Z, finalizers: [local-path.navarch.io/directory]",
                                ""),
                        "n"))
                .isTrue();
        assertThat(LocalSnapshots.renewed(VolumeSnapshotContent.of(View.of(Yaml.parse("{}"))), content, "n"))
                .isTrue();
    }

    private static VolumeSnapshotContent content(String metadata, String status) {
        return VolumeSnapshotContent.of(View.of(Yaml.parse("{metadata: {name: s, uid: u, " + metadata
                + "}, spec: {driver: local-path.navarch.io, deletionPolicy: Delete, source: {volumeHandle: v}}, "
                + status + "}")));
    }
}
