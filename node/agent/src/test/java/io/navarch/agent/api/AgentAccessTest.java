package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.ConfigOfTests;
import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.agent.stats.UsageReader;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.cri.PodBehaviour;
import io.navarch.cri.SandboxConfig;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.process.Metrics;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers with tokens, over HTTP.
@Timeout(60)
class AgentAccessTest {
    private static final PodBehaviour STILL = new PodBehaviour() {
        @Override
        public Duration sandboxStart(SandboxConfig config) {
            return Duration.ZERO;
        }

        @Override
        public String address(SandboxConfig config) {
            return "";
        }

        @Override
        public SimulatedProcess process(io.navarch.cri.ContainerConfig config) {
            return new SimulatedProcess(Optional.empty(), new Exit(Duration.ZERO, 0));
        }
    };

    private static final NodePods NO_PODS = new NodePods() {
        @Override
        public Collection<Pod> all() {
            return List.of();
        }

        @Override
        public Pod get(String namespace, String name) {
            return Pod.ABSENT;
        }

        @Override
        public RuntimeState state(String uid) {
            return RuntimeState.NOTHING;
        }
    };

    /// Such as `prometheus get metrics`.
    private final Set<String> rights = ConcurrentHashMap.newKeySet();
    private volatile boolean outage;

    private final Reviews reviews = new Reviews() {
        @Override
        public Optional<Caller> authenticate(String token) {
            if (outage) throw new ApiException(ApiException.Reason.SERVICE_UNAVAILABLE, "away");
            return token.startsWith("of-")
                    ? Optional.of(new Caller(token.substring(3), "", List.of("system:masters-audit"), Map.of()))
                    : Optional.empty();
        }

        @Override
        public boolean allowed(Caller caller, String verb, String subresource) {
            if (caller.user().equals("unlucky"))
                throw new ApiException(ApiException.Reason.SERVICE_UNAVAILABLE, "away");
            return rights.contains(caller.user() + " " + verb + " " + subresource);
        }
    };

    private final EventLoops loops = new EventLoops(1);
    private final TaskScope scope = new TaskScope();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        var config = ConfigOfTests.of("", AgentConfig.Eviction.NONE);
        var clock = InstantSource.fixed(Instant.EPOCH);
        var runtime = new InMemoryRuntime("", STILL, clock, new SystemTimers(scope));
        var http = new HttpClient(loops, Duration.ofSeconds(5));
        var api = new AgentApi(
                config,
                NO_PODS,
                runtime,
                http,
                reviews,
                new UsageReader(
                        config,
                        new UsageReader.Sources(
                                Cgroups.NONE,
                                runtime,
                                List::of,
                                uid -> RuntimeState.NOTHING,
                                () -> new NodeUsage.Processes(0, 0),
                                Instant.EPOCH,
                                new NodeUsage.Size(1, 1)),
                        clock),
                new ProbeCounts(),
                new AgentPages("v1.36.0", Map.of("port", "10250"), new Metrics(), () -> Duration.ZERO, Map::of),
                clock);
        server = HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", 0), api::handle);
    }

    @AfterEach
    void stop() {
        server.close();
        scope.close();
        loops.close();
    }

    private String call(String token, String method, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) request.header("Authorization", token);
        try (var client = java.net.http.HttpClient.newHttpClient()) {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? "200" : response.statusCode() + " " + response.body();
        }
    }

    private String get(String user, String path) throws Exception {
        return call("Bearer of-" + user, "GET", path);
    }

    @Test
    void nobodyGetsNothing() throws Exception {
        for (var path : List.of("/healthz", "/pods", "/metrics", "/exec/a/b/c", "/", "//", "/other"))
            for (var token : List.of("", "Bearer ", "Bearer wrong", "Basic of-a", "of-a"))
                assertThat(call(token, "GET", path)).as(path + " " + token).startsWith("401");
        outage = true;
        assertThat(get("a", "/healthz")).startsWith("401");
    }

    @Test
    void whoMayReadMetricsMayNotDoMore() throws Exception {
        rights.add("prometheus get metrics");
        assertThat(get("prometheus", "/metrics")).isEqualTo("200");
        assertThat(get("prometheus", "/metrics/slis")).isEqualTo("200");
        assertThat(get("prometheus", "/flagz")).startsWith("403");
        assertThat(get("prometheus", "/stats/summary"))
                .isEqualTo("403 Forbidden (user=prometheus, verb=get, resource=nodes, subresource(s)=[stats])\n");
        assertThat(get("prometheus", "/pods"))
                .isEqualTo("403 Forbidden (user=prometheus, verb=get, resource=nodes, subresource(s)=[pods proxy])\n");
        assertThat(call("Bearer of-prometheus", "POST", "/exec/a/b/c"))
                .isEqualTo("403 Forbidden (user=prometheus, verb=create, resource=nodes, subresource(s)=[proxy])\n");
        // What is asked is what is answered: metrics, if there were such.
        assertThat(get("prometheus", "/metrics/../exec/a/b/c")).startsWith("404");
        assertThat(get("prometheus", "//exec/a/b/c")).startsWith("403");
        assertThat(get("prometheus", "/metricsx")).startsWith("403");
    }

    @Test
    void thePartsOfANodeCanBeAllowedOneByOne() throws Exception {
        rights.addAll(
                Set.of("a get pods", "b get healthz", "c get proxy", "d get stats", "e get configz", "f get statusz"));
        assertThat(get("a", "/pods")).isEqualTo("200");
        assertThat(get("b", "/healthz")).isEqualTo("200");
        assertThat(get("b", "/pods")).startsWith("403");
        assertThat(get("c", "/pods")).isEqualTo("200");
        assertThat(get("c", "/healthz")).isEqualTo("200");
        assertThat(get("c", "/stats/summary")).startsWith("403");
        assertThat(get("d", "/stats/summary")).isEqualTo("200");
        assertThat(get("e", "/flagz")).isEqualTo("200");
        assertThat(get("f", "/statusz")).isEqualTo("200");
        assertThat(get("b", "/healthz/syncloop")).isEqualTo("200");
        assertThat(get("b", "/healthz/other")).startsWith("404");
        assertThat(get("c", "/exec")).doesNotStartWith("200");
    }

    @Test
    void withoutAnAnswerNobodyMay() throws Exception {
        assertThat(get("unlucky", "/metrics"))
                .isEqualTo("500 Authorization error (user=unlucky, verb=get, resource=nodes, subresource=metrics)");
    }

    @Test
    void noMoreIsRememberedThanThereIsRoomFor() {
        var map = new ExpiringMap<Integer, String>(3, InstantSource.fixed(Instant.EPOCH));
        for (int i = 0; i < 100; i++) map.put(i, "x", Duration.ofSeconds(1));
        assertThat(map.size()).isEqualTo(3);
        map.put(1, "old", Duration.ZERO);
        assertThat(map.get(1)).isEmpty();
    }
}
