package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedCallsTest {
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);

    private void hang() throws IOException {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            returned.countDown();
        }
    }

    @Test
    void whoeverAsksWaitsForAWhileAndNobodyIsSentAfterwards() throws Exception {
        var calls = new BoundedCalls(Duration.ofMillis(100));
        assertThatThrownBy(() -> calls.run("dead", this::hang)).isInstanceOf(BoundedCalls.LateException.class);
        assertThatThrownBy(() -> calls.run("dead", () -> {
                    throw new AssertionError();
                }))
                .isInstanceOf(BoundedCalls.LateException.class);
        answer.countDown();
        returned.await();
        while (true) {
            try {
                assertThat(calls.call("dead", () -> "back")).isEqualTo("back");
                return;
            } catch (BoundedCalls.LateException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void othersAreNotHeldUp() throws IOException {
        var calls = new BoundedCalls(Duration.ofSeconds(1));
        assertThatThrownBy(() -> calls.run("dead", this::hang)).isInstanceOf(BoundedCalls.LateException.class);
        assertThat(calls.call("other", () -> Thread.currentThread().isVirtual()))
                .as("a call may hold on to its thread")
                .isFalse();
        answer.countDown();
    }

    @Test
    void whatACallThrowsIsThrown() {
        var calls = new BoundedCalls(Duration.ofMinutes(1));
        assertThatThrownBy(() -> calls.run("a", () -> {
                    throw new FileNotFoundException("f");
                }))
                .isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> calls.run("a", () -> {
                    throw new IllegalStateException("s");
                }))
                .isInstanceOf(IllegalStateException.class);
    }
}
