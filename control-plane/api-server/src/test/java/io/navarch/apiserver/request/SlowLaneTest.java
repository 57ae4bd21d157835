package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Timers;
import io.navarch.schema.admission.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowLaneTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong();
    private final List<Duration> rests = new ArrayList<>();
    private final SlowLane lane = new SlowLane(1, now::get, new Timers() {
        @Override
        public void pause(Duration length) {
            rests.add(length);
        }

        @Override
        public void after(Duration delay, Runnable action) {
            throw new UnsupportedOperationException();
        }
    });

    private SlowLane.Turn turn() {
        return lane.turn(FakeCall.get("/api/v1/pods"), Seat.NONE);
    }

    /// A turn whose first time is over, so that its next step takes a place.
    private SlowLane.Turn longTurn() {
        var turn = turn();
        now.addAndGet(2 * MILLI);
        return turn;
    }

    /// Takes a step on a thread of its own, and comes back when that waits for a place.
    private static Thread waiting(SlowLane.Turn turn) {
        var thread = Thread.ofPlatform().start(() -> {
            turn.step();
            turn.close();
        });
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) Thread.onSpinWait();
        return thread;
    }

    @Test
    void whatIsShortNeedsNoPlace() {
        var inside = longTurn();
        inside.step();
        try (var other = turn()) {
            now.addAndGet(MILLI / 2);
            for (int i = 0; i < 100; i++) other.step();
        }
        inside.close();
    }

    @Test
    void whoHasHadASliceLetsTheNextOneIn() throws Exception {
        var next = turn();
        var first = longTurn();
        first.step();
        var second = waiting(next);
        assertThat(second.isAlive()).isTrue();
        first.step();
        assertThat(second.isAlive()).isTrue();
        now.addAndGet(2 * MILLI);
        first.step();
        second.join();
        first.close();
    }

    @Test
    void nobodyWaitsForWhoeverWaitsForAReader() throws Exception {
        var next = turn();
        var first = longTurn();
        first.step();
        var second = waiting(next);
        first.pause();
        second.join();
        first.close();
    }

    @Test
    void theLaneRestsWhileSomebodyWaitsForAShortAnswer() {
        var turn = longTurn();
        turn.step();
        now.addAndGet(2 * MILLI);
        turn.step();
        assertThat(rests).isEmpty();
        lane.enterShort();
        now.addAndGet(2 * MILLI);
        turn.step();
        assertThat(rests).containsExactly(Duration.ofMillis(12));
        // What took so long was not its own work.
        now.addAndGet(1_000 * MILLI);
        turn.step();
        assertThat(rests.getLast()).isEqualTo(Duration.ofMillis(20));
        lane.leaveShort();
        now.addAndGet(2 * MILLI);
        turn.step();
        assertThat(rests).hasSize(3);
        now.addAndGet(5 * MILLI);
        turn.close();
        assertThat(rests).hasSize(3);
    }

    @Test
    void whatOthersEncryptCountsAsWork() {
        var turn = longTurn();
        turn.step();
        lane.enterShort();
        turn.sent(200_000);
        turn.step();
        assertThat(rests).isEmpty();
        turn.sent(200_000);
        turn.step();
        assertThat(rests).containsExactly(Duration.ofNanos(6 * 3 * 400_000));
        turn.step();
        assertThat(rests).hasSize(1);
        turn.close();
    }

    @Test
    void theProcessItselfTakesNoPlace() {
        var inside = longTurn();
        inside.step();
        var own = lane.turn(FakeCall.get("/api/v1/pods").trusting(User.of("system:apiserver")), Seat.NONE);
        now.addAndGet(2 * MILLI);
        own.step();
        own.close();
        inside.close();
    }
}
