package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LongWorkTest {
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final LongWork work = new LongWork(Duration.ofSeconds(30), 1);
    /// Nobody waits for it at all.
    private final LongWork impatient = new LongWork(Duration.ZERO, 1);

    private void walk() throws IOException {
        begun.incrementAndGet();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            ended.countDown();
        }
    }

    @Test
    void whoAsksAgainIsToldOfTheEndOfWhatWasBegun() throws Exception {
        assertThatThrownBy(() -> impatient.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        assertThatThrownBy(() -> impatient.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        end.countDown();
        ended.await();
        // Its thread may not have said so yet.
        while (!isEnded()) Thread.onSpinWait();
        assertThat(begun).hasValue(1);
        // Its end has been told: this is another piece of work.
        work.run("v", this::walk);
        assertThat(begun).hasValue(2);
    }

    private boolean isEnded() throws IOException {
        try {
            impatient.run("v", this::walk);
            return true;
        } catch (LongWork.UnderWayException e) {
            return false;
        }
    }

    @Test
    void nobodyIsSentAfterTooManyThatDoNotReturn() throws InterruptedException {
        assertThatThrownBy(() -> impatient.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        assertThatThrownBy(() -> impatient.run("w", this::walk))
                .isInstanceOf(LongWork.UnderWayException.class)
                .hasMessageContaining("too many");
        end.countDown();
        ended.await();
        assertThat(begun).hasValue(1);
    }

    @Test
    void whatItThrowsIsThrownAndItMayBeTriedAgain() throws IOException {
        assertThatThrownBy(() -> work.run("v", () -> {
                    throw new FileNotFoundException("f");
                }))
                .isInstanceOf(FileNotFoundException.class);
        end.countDown();
        work.run("v", this::walk);
        assertThat(begun).hasValue(1);
    }
}
