package io.navarch.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who waits while something is made.
class MadeTest {
    private final List<String> asked = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final Made<String, String> made = new Made<>(source -> {
        if (source.equals("slow")) {
            begun.countDown();
            await(go);
        }
        asked.add(source);
        return source.toUpperCase(Locale.ROOT);
    });

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> of(List<String> sources) {
        return made.of(sources, () -> sources);
    }

    @Test
    void whatHasNotChangedIsNotMadeAgain() {
        assertThat(of(List.of("a", "b"))).containsExactly("A", "B");
        assertThat(of(List.of("a", "c"))).containsExactly("A", "C");
        assertThat(asked).containsExactly("a", "b", "c");
    }

    @Test
    @Timeout(60)
    void whileSomethingIsMadeOthersGoByWhatWasThere() throws Exception {
        of(List.of("a"));
        var later = List.of("a", "slow");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> of(later));
            try {
                await(begun);
                assertThat(of(later)).containsExactly("A");
            } finally {
                go.countDown();
            }
            assertThat(first.get()).containsExactly("A", "SLOW");
        }
        assertThat(of(later)).containsExactly("A", "SLOW");
    }

    @Test
    @Timeout(60)
    void whereNothingWasThereYetAllWait() throws Exception {
        var all = List.of("slow");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> of(all));
            await(begun);
            var second = threads.submit(() -> of(all));
            go.countDown();
            assertThat(first.get()).containsExactly("SLOW");
            assertThat(second.get()).containsExactly("SLOW");
        }
        assertThat(asked).hasSize(1);
    }
}
