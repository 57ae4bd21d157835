package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorwayTest {
    private static final long MILLI = 1_000_000;

    /// Its event loop runs what it is given when it is told to.
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private final List<String> begun = new ArrayList<>();
    private final List<Doorway.Entry> inside = new ArrayList<>();
    private long now;
    /// Who serves them.
    private Thread serving = Thread.currentThread();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void request(Doorway.Line line, String name) {
        var entry = line.entry();
        entry.enter(channel.eventLoop(), () -> {
            begun.add(name);
            inside.add(entry);
            return serving;
        });
    }

    private void passFirst() {
        inside.removeFirst().passed();
        channel.runPendingTasks();
    }

    @Test
    void aConnectionThatFloodsWaitsForItself() {
        var door = new Doorway(2, () -> now);
        var flood = door.line();
        var quiet = door.line();
        for (int i = 0; i < 1000; i++) request(flood, "flood");
        request(quiet, "quiet");
        assertThat(begun).containsExactly("flood", "flood");
        passFirst();
        passFirst();
        assertThat(begun).containsExactly("flood", "flood", "flood", "quiet");
    }

    @Test
    void oneOfEachConnectionInItsTurn() {
        var door = new Doorway(1, () -> now);
        var lines = List.of(door.line(), door.line(), door.line());
        for (int i = 0; i < 3; i++) for (int line = 0; line < 3; line++) request(lines.get(line), line + "." + i);
        for (int i = 0; i < 9; i++) passFirst();
        assertThat(begun).containsExactly("0.0", "1.0", "2.0", "0.1", "1.1", "2.1", "0.2", "1.2", "2.2");
        request(lines.getFirst(), "alone");
        assertThat(begun).endsWith("alone");
    }

    @Test
    void whoeverAsksNowAndThenGoesFirstAndOnlyOnce() {
        var door = new Doorway(1, () -> now);
        var floods = List.of(door.line(), door.line(), door.line());
        for (int i = 0; i < 100; i++) for (var flood : floods) request(flood, "flood");
        for (int i = 0; i < 20; i++) passFirst();
        var quiet = door.line();
        request(quiet, "quiet");
        passFirst();
        assertThat(begun).endsWith("flood", "quiet");
        request(quiet, "again");
        for (int i = 0; i < 3; i++) passFirst();
        assertThat(begun).endsWith("flood", "flood", "flood");
        passFirst();
        assertThat(begun).endsWith("again");
    }

    @Test
    void whoeverPassesTwiceCountsOnce() {
        var door = new Doorway(1, () -> now);
        var line = door.line();
        for (int i = 0; i < 3; i++) request(line, "r" + i);
        var first = inside.getFirst();
        first.passed();
        first.passed();
        channel.runPendingTasks();
        assertThat(begun).containsExactly("r0", "r1");
    }

    @Test
    void whoeverWaitsForOthersInTheDoorHoldsNobodyUp() {
        channel.freezeTime();
        // One that does not run.
        serving = new Thread();
        var door = new Doorway(1, () -> now);
        var line = door.line();
        for (int i = 0; i < 3; i++) request(line, "r" + i);
        for (int i = 1; i < 3; i++) {
            pass(5);
            assertThat(begun).hasSize(i + 1);
        }
    }

    /// On a busy machine everything takes long; were that enough, all would go in at once.
    @Test
    void whoeverWaitsForAProcessorInTheDoorIsWaitedFor() {
        channel.freezeTime();
        var door = new Doorway(1, () -> now);
        var line = door.line();
        for (int i = 0; i < 3; i++) request(line, "r" + i);
        for (int i = 0; i < 19; i++) pass(5);
        assertThat(begun).hasSize(1);
        pass(5);
        assertThat(begun).hasSize(2);
    }

    private void pass(long millis) {
        now += millis * MILLI;
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    @Test
    void anOpenOneHoldsNobody() {
        var line = Doorway.open().line();
        for (int i = 0; i < 100; i++) request(line, "r");
        assertThat(begun).hasSize(100);
    }
}
