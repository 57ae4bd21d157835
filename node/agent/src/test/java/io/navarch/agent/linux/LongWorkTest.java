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
    private final LongWork work = new LongWork(Duration.ofMillis(100), 1);

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
        assertThatThrownBy(() -> work.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        assertThatThrownBy(() -> work.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        end.countDown();
        ended.await();
        work.run("v", this::walk);
        assertThat(begun).hasValue(1);
        // Its end has been told: this is another piece of work.
        work.run("v", this::walk);
        assertThat(begun).hasValue(2);
    }

    @Test
    void nobodyIsSentAfterTooManyThatDoNotReturn() {
        assertThatThrownBy(() -> work.run("v", this::walk)).isInstanceOf(LongWork.UnderWayException.class);
        assertThatThrownBy(() -> work.run("w", this::walk))
                .isInstanceOf(LongWork.UnderWayException.class)
                .hasMessageContaining("too many");
        assertThat(begun).hasValue(1);
        end.countDown();
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
