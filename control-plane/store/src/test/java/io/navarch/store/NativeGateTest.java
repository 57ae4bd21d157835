package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class NativeGateTest {
    @Test
    void closingWaitsForWhoIsInsideAndTurnsAwayWhoComesLater() throws Exception {
        var gate = new NativeGate();
        var freed = new AtomicBoolean();
        var inside = gate.enter();
        var closer = Thread.ofPlatform().start(() -> {
            gate.close();
            freed.set(true);
        });
        while (closer.getState() != Thread.State.WAITING) Thread.onSpinWait();
        assertThatThrownBy(gate::enter).isInstanceOf(StoreClosedException.class);
        closer.interrupt();
        assertThat(freed).isFalse();
        inside.close();
        closer.join();
        assertThat(freed).isTrue();
    }

    @RepeatedTest(50)
    void nobodyIsInsideOnceItIsClosed() throws Exception {
        var gate = new NativeGate();
        var inside = new AtomicInteger();
        var closed = new AtomicBoolean();
        var wrong = new AtomicInteger();
        var started = new CountDownLatch(4);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (boolean first = true; ; first = false) {
                    try (var use = gate.enter()) {
                        inside.incrementAndGet();
                        if (closed.get()) wrong.incrementAndGet();
                        inside.decrementAndGet();
                    } catch (StoreClosedException e) {
                        return;
                    } finally {
                        if (first) started.countDown();
                    }
                }
            }));
        }
        started.await();
        gate.close();
        closed.set(true);
        assertThat(inside).hasValue(0);
        for (var thread : threads) thread.join();
        assertThat(wrong).hasValue(0);
        gate.close();
    }
}
