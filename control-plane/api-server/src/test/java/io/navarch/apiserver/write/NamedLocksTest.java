package io.navarch.apiserver.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NamedLocksTest {
    private final NamedLocks locks = new NamedLocks();

    @Test
    @Timeout(20)
    void othersPassWhileOneIsHeld() throws Exception {
        try (var _ = locks.take(List.of("quotas of a"))) {
            CompletableFuture.runAsync(() -> locks.take(List.of("quotas of b")).close())
                    .get(10, TimeUnit.SECONDS);
            CompletableFuture.runAsync(() -> locks.take(List.of()).close()).get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @Timeout(60)
    void noTwoNamesShareALockAndNoneIsKept() throws Exception {
        try (var _ = locks.take(List.of("addresses and ports"))) {
            CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 2000; i++)
                            locks.take(List.of("quotas of n" + i)).close();
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(locks.size()).isEqualTo(1);
        }
        assertThat(locks.size()).isZero();
    }

    @Test
    @Timeout(60)
    void nobodyIsInsideTogetherAndNobodyWaitsForEver() {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var all = IntStream.range(0, 2000)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    var names = i % 2 == 0 ? List.of("a", "b") : List.of("b", "a", "b");
                    try (var _ = locks.take(names)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    }
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        assertThat(most).hasValue(1);
        assertThat(locks.size()).isZero();
    }
}
