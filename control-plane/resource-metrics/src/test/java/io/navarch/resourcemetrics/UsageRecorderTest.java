package io.navarch.resourcemetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ObjectKey;
import io.navarch.resourcemetrics.UsageBucket.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is known of the last day.
class UsageRecorderTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @TempDir
    Path folder;

    private UsageRecorder recorder;

    @BeforeEach
    void start() {
        recorder = new UsageRecorder(new UsageFiles(folder.resolve("usage")));
    }

    private static Reading reading(Instant time, long cpuMillis, long memory) {
        return new Reading(Instant.EPOCH, time, cpuMillis * 1_000_000, memory);
    }

    /// A node and a pod that take so many thousandths of a processor.
    private static UsageHistory taking(Instant time, long node, long pod) {
        var before = time.minusSeconds(10);
        var key = new ObjectKey("ns", "p");
        return new UsageHistory(
                Map.of("n", reading(time, node * 10, 1000)),
                Map.of("n", reading(before, 0, 1000)),
                Map.of(key, Map.of("c", reading(time, pod * 10, 50), "d", reading(time, pod * 10, 50))),
                Map.of(key, Map.of("c", reading(before, 0, 50), "d", reading(before, 0, 50))));
    }

    private void round(Instant time, long node) {
        recorder.round(taking(time, node, 10), time);
    }

    @Test
    void aFewMinutesAreOne() {
        recorder.called();
        recorder.called();
        round(NOON.plusSeconds(15), 100);
        round(NOON.plusSeconds(30), 200);
        assertThat(recorder.since(NOON))
                .containsExactly(new UsageBucket(
                        NOON, 30, 2, Map.of("n", new Taken(150, 1000)), Map.of("ns/p", new Taken(20, 100))));
        round(NOON.plusSeconds(300), 400);
        assertThat(recorder.since(NOON)).extracting(UsageBucket::time).containsExactly(NOON, NOON.plusSeconds(300));
        assertThat(recorder.since(NOON.plusSeconds(1))).hasSize(1);
    }

    @Test
    void itIsKnownAfterAStart() {
        round(NOON.plusSeconds(15), 100);
        round(NOON.plusSeconds(300), 0);
        start();
        assertThat(recorder.since(NOON))
                .extracting(each -> each.nodes().get("n").cpu())
                .containsExactly(100L);
        // The same minutes go on after a start.
        round(NOON.plusSeconds(30), 400);
        assertThat(recorder.since(NOON))
                .extracting(each -> each.nodes().get("n").cpu())
                .containsExactly(250L);
    }

    @Test
    void aDayIsKept() throws IOException {
        for (int i = 0; i < 30 * 12; i++) round(NOON.plus(Duration.ofMinutes(5L * i)), 100);
        var end = NOON.plus(Duration.ofHours(30));
        assertThat(recorder.since(end.minus(UsageFiles.KEPT))).hasSize(24 * 12);
        try (var list = Files.list(folder.resolve("usage"))) {
            assertThat(list).hasSize(25);
        }
    }

    @Test
    void aLineThatIsTornIsPassedOver() throws IOException {
        round(NOON.plusSeconds(15), 100);
        round(NOON.plusSeconds(300), 200);
        var file = folder.resolve("usage/2030-01-01T12.jsonl");
        Files.writeString(file, "{\"time\":18", StandardOpenOption.APPEND);
        Files.writeString(folder.resolve("usage/other"), "of somebody else");
        round(NOON.plusSeconds(600), 300);
        assertThat(recorder.since(NOON))
                .extracting(each -> each.nodes().get("n").cpu())
                .containsExactly(100L, 200L, 300L);
        assertThat(folder.resolve("usage/other")).exists();
    }

    @Test
    void aFullDiskIsNoReasonToStop() throws IOException {
        Files.writeString(folder.resolve("usage"), "in the way");
        round(NOON.plusSeconds(15), 100);
        round(NOON.plusSeconds(300), 200);
        assertThat(recorder.since(NOON)).hasSize(1);
    }

    /// However many pods there are.
    @Test
    void thosePodsAreKeptThatTakeMost() {
        var draft = new BucketDraft(NOON);
        for (int round = 0; round < 20; round++) {
            var pods = new HashMap<String, Taken>();
            for (int i = 0; i < 5000; i++) pods.put("ns/p" + i, new Taken((i + 250L * round) % 5000, 5000 - i));
            draft.add(Map.of(), pods, 0, Duration.ofSeconds(15));
        }
        var bucket = draft.bucket();
        assertThat(bucket.pods()).hasSizeBetween(100, 200).containsKey("ns/p0");
        assertThat(bucket.line().length()).isLessThan(10_000);
    }

    @Test
    void whatIsAskedForIsAnswered() {
        var bucket = new UsageBucket(
                NOON, 300, 5, Map.of("n", new Taken(1, 2)), Map.of("a/p", new Taken(3, 4), "ab/p", new Taken(5, 6)));
        var pods = new UsageQuery(Duration.ofHours(6), true, "a");
        assertThat(pods.uri()).isEqualTo("/navarch/usage?since=6h0m0s&pods=true&namespace=a");
        assertThat(pods.part(bucket).pods()).containsOnlyKeys("a/p");
        assertThat(pods.part(bucket).nodes()).isEmpty();
        assertThat(UsageQuery.of(Map.of("since", List.of("6h"), "pods", List.of("true"), "namespace", List.of("a"))))
                .isEqualTo(pods);
        var nodes = UsageQuery.of(Map.of());
        assertThat(UsageQuery.answer(List.of(nodes.part(bucket))))
                .isEqualTo("{\"buckets\":[{\"time\":1893499200,\"seconds\":300,\"calls\":5,\"nodes\":{\"n\":[1,2]},"
                        + "\"pods\":{}}]}");
    }
}
