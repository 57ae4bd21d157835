package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.ProbeResults;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProberTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /// The status that each path is answered with.
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
    /// All probes here are HTTP probes: no runtime is asked.
    private final Prober prober = new Prober(
            new ProbeCheck(null, (action, spec, address, timeout) -> answers.getOrDefault(action.path(), 500)),
            new Probes.Listener() {
                @Override
                public void probeFailed(Container spec, String message) {
                    failures.add(message);
                }

                @Override
                public void resultsChanged() {
                    changes.add(true);
                }
            });

    @AfterEach
    void close() {
        prober.close();
    }

    private static String probe(String path, int failureThreshold) {
        return "{httpGet: {path: " + path + ", port: 80}, periodSeconds: 1, failureThreshold: " + failureThreshold
                + "}";
    }

    private static Pod pod(String probes) {
        return new Pod(Yaml.parse("{metadata: {name: p}, spec: {containers: [{name: c, " + probes + "}]}}"));
    }

    private static RuntimeState running(String id) {
        return new RuntimeState(
                List.of(),
                List.of(new RuntimeState.Container(
                        id,
                        "box",
                        "c",
                        0,
                        "hash",
                        Phase.RUNNING,
                        START,
                        Optional.of(START),
                        START,
                        0,
                        "",
                        "",
                        "image",
                        "ref")));
    }

    /// Waits until the results are as wanted.
    private ProbeResults await(Pod pod, RuntimeState state, Predicate<ProbeResults> wanted)
            throws InterruptedException {
        while (true) {
            var results = prober.results(pod, state);
            if (wanted.test(results)) return results;
            changes.take();
        }
    }

    @Test
    void withoutProbesWhatRunsIsWell() {
        var pod = pod("image: i");
        var state = running("1");
        prober.update(pod, state);
        assertThat(prober.results(pod, state)).isEqualTo(ProbeResults.healthy(state));
    }

    @Test
    void nothingIsReadyBeforeItsProbeSaysSo() throws InterruptedException {
        var pod = pod("readinessProbe: " + probe("/ready", 1));
        var state = running("1");
        assertThat(prober.results(pod, state).ready()).isEmpty();
        answers.put("/ready", 200);
        prober.update(pod, state);
        await(pod, state, results -> results.ready().contains("1"));
        answers.put("/ready", 503);
        var results = await(pod, state, now -> now.ready().isEmpty());
        assertThat(results.started()).containsExactly("1");
        // A container that is not ready is not killed for that.
        assertThat(results.failed()).isEmpty();
        assertThat(failures.take()).isEqualTo("Readiness probe failed: HTTP probe failed with statuscode: 503");
    }

    @Test
    void otherProbesWaitForTheStartupProbe() throws InterruptedException {
        var pod = pod("startupProbe: " + probe("/started", 100) + ", livenessProbe: " + probe("/live", 1));
        var state = running("1");
        prober.update(pod, state);
        assertThat(failures.take()).startsWith("Startup probe failed: ");
        assertThat(failures.take()).startsWith("Startup probe failed: ");
        assertThat(prober.results(pod, state).started()).isEmpty();
        answers.put("/started", 200);
        var results = await(pod, state, now -> !now.failed().isEmpty());
        assertThat(results.started()).containsExactly("1");
        assertThat(results.failed()).isEqualTo(Map.of("1", "liveness probe"));
    }

    @Test
    void oneFailureIsNotEnoughWhenTheThresholdAsksForMore() throws InterruptedException {
        var pod = pod("livenessProbe: " + probe("/live", 2));
        var state = running("1");
        prober.update(pod, state);
        assertThat(failures.take()).startsWith("Liveness probe failed: ");
        assertThat(prober.results(pod, state).failed()).isEmpty();
        await(pod, state, results -> results.failed().containsKey("1"));
        assertThat(failures).isNotEmpty();
    }

    @Test
    void aContainerThatFollowsAnotherBeginsAnew() throws InterruptedException {
        var pod = pod("readinessProbe: " + probe("/ready", 1));
        answers.put("/ready", 200);
        prober.update(pod, running("1"));
        await(pod, running("1"), results -> results.ready().contains("1"));
        answers.put("/ready", 503);
        prober.update(pod, running("2"));
        assertThat(failures.take()).startsWith("Readiness probe failed: ");
        assertThat(prober.results(pod, running("2")).ready()).isEmpty();
        // Nothing is remembered of the one that is gone.
        assertThat(prober.results(pod, running("1")).ready()).isEmpty();
    }
}
