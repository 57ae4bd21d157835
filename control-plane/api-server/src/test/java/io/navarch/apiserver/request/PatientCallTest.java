package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatientCallTest {
    private final AtomicLong now = new AtomicLong();
    private final SlowLane lane = new SlowLane(1, now::get, new Timers() {
        @Override
        public void pause(Duration length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void after(Duration delay, Runnable action) {
            throw new UnsupportedOperationException();
        }
    });

    private final List<String> told = new ArrayList<>();

    private final class Told implements Seat {
        @Override
        public void leave() {
            told.add("leave");
        }

        @Override
        public void computed() {
            told.add("computed");
        }

        @Override
        public void aside() {
            told.add("aside");
        }

        @Override
        public void lend() {
            told.add("lend");
        }

        @Override
        public void takeBack() {
            told.add("take back");
        }

        @Override
        public boolean takeAgain() {
            return true;
        }

        @Override
        public void close() {}
    }

    private PatientCall call(PatientCall.Room room) {
        return new PatientCall(room, new Told(), true);
    }

    @Test
    void aMinuteIsForAllWaitsTogether() {
        var call = call(new PatientCall.Room(lane, now::get));
        assertThat(call.left()).isEqualTo(Duration.ofSeconds(60));
        for (int i = 0; i < 3; i++)
            call.during(() -> now.addAndGet(Duration.ofSeconds(15).toNanos()));
        assertThat(call.left()).isEqualTo(Duration.ofSeconds(15));
        call.during(() -> now.addAndGet(Duration.ofSeconds(20).toNanos()));
        assertThat(call.left()).isNegative();
    }

    @Test
    void othersHaveTheSeatMeanwhile() {
        var call = call(new PatientCall.Room(lane, now::get));
        assertThat(call.during(() -> call.during(() -> String.join(" ", told)))).isEqualTo("lend");
        assertThat(told).containsExactly("lend", "take back");
        assertThatThrownBy(() -> call.during(() -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(told).containsExactly("lend", "take back", "lend", "take back");
    }

    @Test
    void onlySoManyWaitWithoutASeat() {
        var room = new PatientCall.Room(lane, now::get, 2);
        var calls = List.of(call(room), call(room), call(room));
        calls.get(0).during(() -> calls.get(1).during(() -> calls.get(2).during(() -> told.add("waits"))));
        assertThat(told).containsExactly("lend", "lend", "computed", "waits", "take back", "take back");
        told.clear();
        calls.get(2).during(() -> told.add("waits"));
        assertThat(told).as("There is room again.").containsExactly("lend", "waits", "take back");
    }
}
