package io.navarch.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Metrics;
import io.navarch.process.Timers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Events on their way to a target that takes its time.
@Timeout(60)
class AuditBufferTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final Metrics metrics = new Metrics();
    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<List<String>> delivered = new LinkedBlockingQueue<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private boolean held;

    /// What is delivered waits until the target is open.
    private final AuditTarget target = new AuditTarget() {
        @Override
        public byte[] form(AuditEntry entry) {
            return entry.json();
        }

        @Override
        public boolean remote() {
            return true;
        }

        @Override
        public boolean deliver(List<byte[]> events) throws InterruptedException {
            delivered.add(events.stream()
                    .map(event -> new String(event, StandardCharsets.UTF_8))
                    .toList());
            if (held) open.await();
            return true;
        }

        @Override
        public void close() {}
    };

    /// Time passes when somebody waits for it.
    private final Timers timers = new Timers() {
        @Override
        public void pause(Duration length) {
            nanos.addAndGet(length.toNanos());
        }

        @Override
        public void after(Duration delay, Runnable action) {
            throw new UnsupportedOperationException();
        }
    };

    private AuditBackend backend(AuditHandling.Batching batching, Optional<AuditHandling.Truncation> truncation) {
        var losses = new AuditLosses(metrics, nanos::get);
        return new AuditBackend(
                target,
                new AuditHandling(AuditMode.BATCH, batching, truncation),
                new AuditSurroundings(losses, timers, nanos::get));
    }

    private AuditBackend backend(int buffer, int size) {
        return backend(new AuditHandling.Batching(buffer, size, LONG, Optional.empty()), Optional.empty());
    }

    private static AuditEntry event(String text) {
        return new AuditEntry() {
            @Override
            public byte[] json() {
                return text.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public byte[] legacy() {
                return json();
            }

            @Override
            public boolean tellsObjects() {
                return false;
            }

            @Override
            public AuditEntry truncated() {
                return this;
            }
        };
    }

    private List<String> next() throws InterruptedException {
        return delivered.poll(30, TimeUnit.SECONDS);
    }

    private String losses() {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith("apiserver_audit_error_total{"))
                .findFirst()
                .orElse("");
    }

    @Test
    void aWholeBatchWaitsForNothing() throws Exception {
        try (var backend = backend(10, 2)) {
            for (var text : List.of("a", "b", "c")) backend.take(event(text));
            assertThat(next()).containsExactly("a", "b");
            backend.take(event("d"));
            assertThat(next()).containsExactly("c", "d");
        }
    }

    @Test
    void anEventWaitsOnlySoLongForOthers() throws Exception {
        var batching = new AuditHandling.Batching(10, 5, Duration.ofMillis(5), Optional.empty());
        var losses = new AuditLosses(metrics, System::nanoTime);
        try (var backend = new AuditBackend(
                target,
                new AuditHandling(AuditMode.BATCH, batching, Optional.empty()),
                new AuditSurroundings(losses, timers, System::nanoTime))) {
            backend.take(event("a"));
            assertThat(next()).containsExactly("a");
        }
    }

    @Test
    void whatIsLeftIsSentAtTheEnd() throws Exception {
        try (var backend = backend(10, 5)) {
            backend.take(event("a"));
        }
        assertThat(next()).containsExactly("a");
        assertThat(losses()).isEmpty();
    }

    /// Nobody waits for a service that does not answer: sixteen batches are on their way, and so many wait.
    @Test
    void whatHasNoRoomIsLostAndCounted() throws Exception {
        held = true;
        try (var backend = backend(3, 1)) {
            for (int i = 0; i < 16; i++) {
                backend.take(event("sent"));
                assertThat(next()).containsExactly("sent");
            }
            // The loop holds one more in its hand, or will.
            for (int i = 0; i < 30; i++) backend.take(event("waits"));
            int lost = Integer.parseInt(losses().substring(losses().indexOf("} ") + 2));
            assertThat(losses()).startsWith("apiserver_audit_error_total{plugin=\"buffered\"} ");
            assertThat(lost).isBetween(26, 27);
            open.countDown();
        }
        assertThat(delivered).hasSize(30 - Integer.parseInt(losses().substring(losses().indexOf("} ") + 2)));
    }

    @Test
    void longEventsTakeTheRoomOfMany() throws Exception {
        held = true;
        try (var backend = backend(10_000, 1)) {
            var long30 = event("x".repeat(30 << 20));
            for (int i = 0; i < 4; i++) backend.take(long30);
            assertThat(losses()).endsWith(" 2");
            open.countDown();
        }
    }

    @Test
    void aBatchHasOnlySoManyBytes() throws Exception {
        var batching = new AuditHandling.Batching(10, 4, LONG, Optional.empty());
        try (var backend = backend(batching, Optional.of(new AuditHandling.Truncation(10, 10)))) {
            for (var text : List.of("aaaa", "bbbb", "cccc", "dddd")) backend.take(event(text));
            assertThat(next()).containsExactly("aaaa", "bbbb");
        }
        assertThat(next()).containsExactly("cccc", "dddd");
    }

    @Test
    void batchesAreThrottled() throws Exception {
        var throttle = Optional.of(new AuditHandling.Throttle(2, 3));
        try (var backend = backend(new AuditHandling.Batching(10, 1, LONG, throttle), Optional.empty())) {
            for (int i = 0; i < 7; i++) {
                backend.take(event("a"));
                assertThat(next()).containsExactly("a");
            }
        }
        assertThat(Duration.ofNanos(nanos.get())).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2001));
    }

    @Test
    void nothingIsTakenAfterTheEnd() throws IOException {
        var backend = backend(10, 1);
        backend.close();
        backend.take(event("a"));
        assertThat(losses()).isEqualTo("apiserver_audit_error_total{plugin=\"buffered\"} 1");
    }

    @Test
    void aServiceIsToldInAList() throws Exception {
        var bodies = new ArrayList<String>();
        var losses = new AuditLosses(metrics, nanos::get);
        var webhook = new WebhookTarget(
                new WebhookTarget.Service() {
                    @Override
                    public void post(byte[] body) throws IOException {
                        bodies.add(new String(body, StandardCharsets.UTF_8));
                        if (bodies.size() > 1) throw new IOException("no more");
                    }

                    @Override
                    public void close() {}
                },
                losses);
        var item = webhook.form(event(AuditEntry.HEAD + "\"level\":\"Metadata\"}\n"));
        assertThat(webhook.deliver(List.of(item, item))).isTrue();
        assertThat(bodies)
                .containsExactly(
                        "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["
                                + "{\"level\":\"Metadata\"},{\"level\":\"Metadata\"}]}\n");
        assertThat(webhook.deliver(List.of(item, item, item))).isFalse();
        assertThat(losses()).isEqualTo("apiserver_audit_error_total{plugin=\"webhook\"} 3");
    }
}
