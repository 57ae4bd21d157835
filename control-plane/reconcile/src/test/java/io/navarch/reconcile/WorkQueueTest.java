package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ApiException;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkQueueTest {
    private final Metrics metrics = new Metrics();
    private final WorkQueue<String> queue =
            new WorkQueue<>(new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), "test", metrics);

    @Test
    void aKeyWaitsOnceHoweverOftenItIsAdded() throws InterruptedException {
        queue.add("a");
        queue.add("b");
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
        assertThat(metrics.text())
                .contains("workqueue_depth{name=\"test\"} 0\n")
                .contains("workqueue_adds_total{name=\"test\"} 2\n");
    }

    @Test
    void aKeyThatChangesWhileItIsWorkedOnComesBackAfterwards() throws InterruptedException {
        queue.add("a");
        queue.take();
        queue.add("a");
        queue.add("b");
        assertThat(queue.take()).isEqualTo("b");
        queue.done("a", false);
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void ofSeveralTimesTheEarliestCounts() throws InterruptedException {
        queue.addAfter("a", Duration.ofHours(1));
        queue.addAfter("a", Duration.ofMillis(1));
        queue.addAfter("b", Duration.ofMillis(2));
        assertThat(queue.take()).isEqualTo("a");
        assertThat(queue.take()).isEqualTo("b");
    }

    @Test
    void whatFailsComesBack() throws InterruptedException {
        queue.add("a");
        for (int i = 0; i < 5; i++) {
            assertThat(queue.take()).isEqualTo("a");
            queue.done("a", true);
        }
        assertThat(queue.take()).isEqualTo("a");
        assertThat(metrics.text()).contains("workqueue_retries_total{name=\"test\"} 5\n");
    }

    /// Many workers, many changes: no key is worked on twice at once, none is lost, and nothing that a pass throws ends
    /// a worker.
    @Test
    void everyKeyIsWorkedOnByOneWorkerAtATimeUntilItSucceeds() throws InterruptedException {
        var busy = ConcurrentHashMap.<String>newKeySet();
        var clashes = new AtomicInteger();
        var left = new CountDownLatch(20);
        var tries = new ConcurrentHashMap<String, Integer>();
        List<Thread> workers = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++)
            workers.add(Thread.ofVirtual().start(() -> {
                try {
                    queue.process("test", key -> {
                        if (!busy.add(key)) clashes.incrementAndGet();
                        int count = tries.merge(key, 1, Integer::sum);
                        busy.remove(key);
                        if (count == 1) throw new ApiException(ApiException.Reason.CONFLICT, "somebody was faster");
                        if (count == 2) throw new IllegalStateException("a mistake");
                        if (count == 3) return false;
                        if (count == 4) left.countDown();
                        return true;
                    });
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        for (int i = 0; i < 20; i++) queue.add("key-" + i);
        assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        workers.forEach(Thread::interrupt);
        assertThat(clashes).hasValue(0);
    }
}
