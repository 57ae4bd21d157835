package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpareHeapTest {
    private static final long MIB = 1 << 20;

    private final List<String> done = new ArrayList<>();
    private SpareHeap.Look now = look(0, 0, 0, 0);

    private final SpareHeap.Marking marking = new SpareHeap.Marking() {
        private Duration interval = Duration.ofSeconds(30);

        @Override
        public Duration interval() {
            return interval;
        }

        @Override
        public void interval(Duration now) {
            interval = now;
            done.add(String.valueOf(now.toSeconds()));
        }
    };

    private final SpareHeap heap = new SpareHeap(() -> now, marking, length -> done.add("waits"));

    private static SpareHeap.Look look(long cpuSeconds, long seconds, long used, long committed) {
        return new SpareHeap.Look(
                Duration.ofSeconds(cpuSeconds), Duration.ofSeconds(seconds), used * MIB, committed * MIB);
    }

    private List<String> at(SpareHeap.Look look) throws InterruptedException {
        done.clear();
        now = look;
        heap.look();
        return List.copyOf(done);
    }

    @Test
    void whatIsLeftOfAPeakIsMarkedAtRest() throws InterruptedException {
        assertThat(at(look(60, 60, 300, 2000))).as("busy").isEmpty();
        assertThat(at(look(61, 120, 300, 2000))).as("rests").containsExactly("2", "waits", "30");
        assertThat(at(look(62, 180, 300, 470))).as("has given back").isEmpty();
    }

    @Test
    void asLongAsItIsBusyTheHeapIsLeftAlone() throws InterruptedException {
        for (long minute = 1; minute < 10; minute++)
            assertThat(at(look(minute * 30, minute * 60, 100, 2000))).isEmpty();
    }

    @Test
    void aSmallHeapHasRoom() throws InterruptedException {
        assertThat(at(look(0, 60, 18, 56))).isEmpty();
        assertThat(at(look(0, 120, 18, 80))).hasSize(3);
    }
}
