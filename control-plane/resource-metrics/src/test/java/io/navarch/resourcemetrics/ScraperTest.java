package io.navarch.resourcemetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.model.Resources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Who is asked, and what becomes of the others when one does not answer as it should.
class ScraperTest {
    private static final int DEAD = 20;

    private final List<String> asked = new CopyOnWriteArrayList<>();

    /// Nodes called `dead…` keep silent, others answer.
    private Transport.Response answer(String method, String uri, @Nullable String type, byte @Nullable [] body)
            throws IOException {
        asked.add(uri.split("/")[4]);
        if (uri.contains("dead")) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        var text = "node_cpu_usage_seconds_total 1\nnode_memory_working_set_bytes 1\n";
        return new Transport.Response(200, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), () -> {});
    }

    private static String node(String name) {
        return "{metadata: {name: " + name + "}, status: {daemonEndpoints: {kubeletEndpoint: {Port: 10250}}}}";
    }

    @Test
    void manyThatAreSilentHoldUpNobodyElse() throws Exception {
        var nodes = Stream.concat(IntStream.range(0, DEAD).mapToObj(i -> node("dead-" + i)), Stream.of(node("alive")))
                .toList();
        var scraper = new Scraper(
                new Client(this::answer, "test"),
                KnownObjects.of(Resources.NODES, nodes),
                InstantSource.system(),
                new Scraper.Patience(Duration.ofMillis(100), Duration.ofMinutes(1)));
        assertThat(scraper.round().nodes()).containsOnlyKeys("alive");
        assertThat(asked).hasSize(DEAD + 1);
        asked.clear();
        assertThat(scraper.round().nodes()).containsOnlyKeys("alive");
        // So many are asked at a time.
        assertThat(asked.subList(0, 16)).contains("alive");
    }

    @Test
    void whateverGoesWrongWithOneIsItsOwnAffair() throws Exception {
        assertThat(Scraper.answer("n", CompletableFuture.failedFuture(new ArithmeticException("too much"))))
                .isEmpty();
        assertThat(Scraper.answer("n", CompletableFuture.failedFuture(new StackOverflowError())))
                .isEmpty();
    }
}
