package io.navarch.agent.api;

import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.stats.ContainerMetrics;
import io.navarch.agent.stats.ResourceMetrics;
import io.navarch.agent.stats.UsageReader;
import io.navarch.client.Client;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.objects.Trees;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/// The node's HTTP API on port 10250, for the API server and monitoring: who may call, and what answers.
public final class AgentApi {
    private static final String NOT_FOUND = "404 page not found";
    private static final Path MACHINE_LOGS = Path.of("/var/log");

    private final NodePods pods;
    private final AgentAccess access;
    private final LogHandler logs;
    private final StreamHandler streams;
    private final AgentConfig config;
    private final UsageReader usage;
    private final ProbeCounts probes;
    private final ComponentPages pages;

    /// @param client asks who callers are and what they may do
    public AgentApi(
            AgentConfig config,
            NodePods pods,
            ContainerRuntime runtime,
            HttpClient http,
            Client client,
            UsageReader usage,
            ProbeCounts probes,
            AgentPages pages,
            InstantSource clock) {
        this(
                config,
                pods,
                runtime,
                http,
                new ApiReviews(client, config.nodeName(), clock),
                usage,
                probes,
                pages,
                clock);
    }

    AgentApi(
            AgentConfig config,
            NodePods pods,
            ContainerRuntime runtime,
            HttpClient http,
            Reviews reviews,
            UsageReader usage,
            ProbeCounts probes,
            AgentPages pages,
            InstantSource clock) {
        this.pages = pages.pages();
        new NodeMetrics(config.nodeName(), pods, pages.evictions()).tell(pages.metrics());
        this.config = config;
        this.usage = usage;
        this.probes = probes;
        this.pods = pods;
        access = new AgentAccess(reviews, clock);
        logs = new LogHandler(config, pods, clock);
        streams = new StreamHandler(pods, runtime, new Streams(http));
    }

    public void handle(Exchange exchange) throws Exception {
        var parts = exchange.path().substring(1).split("/", -1);
        if (!access.admits(exchange, parts[0])) return;
        try {
            dispatch(exchange, parts);
        } catch (RuntimeFailure e) {
            if (!exchange.started()) Answers.text(exchange, e.notFound() ? 404 : 500, String.valueOf(e.getMessage()));
        }
    }

    private void dispatch(Exchange exchange, String[] parts) throws Exception {
        switch (parts[0]) {
            case "healthz", "statusz", "flagz" -> page(exchange);
            case "pods", "runningpods" -> Answers.json(exchange, podList());
            case "stats" -> stats(exchange);
            case "metrics" -> metrics(exchange, parts.length > 1 ? parts[1] : "");
            case "configz" -> Answers.json(exchange, new NodeConfiguration(config).tree());
            case "logs" -> machineLogs(exchange);
            case "containerLogs" -> logs.handle(exchange, target(parts));
            case "exec" -> streams.exec(exchange, target(parts));
            case "attach" -> streams.attach(exchange, target(parts));
            case "portForward" -> streams.portForward(exchange, target(parts));
            default -> Answers.text(exchange, 404, NOT_FOUND);
        }
    }

    private void page(Exchange exchange) throws IOException {
        var request = new Page.Request(
                exchange.method(),
                exchange.path(),
                exchange.query(),
                exchange.header(HeaderNames.ACCEPT),
                most -> exchange.body().readNBytes(most));
        var page = pages.find(request);
        if (page.isEmpty()) Answers.text(exchange, 404, NOT_FOUND);
        else
            exchange.respond(
                    page.get().status(), page.get().withType(), page.get().body());
    }

    private void machineLogs(Exchange exchange) throws IOException, InterruptedException {
        var path = exchange.path();
        new NodeLogs(MACHINE_LOGS, config.hardening().logQueries())
                .handle(exchange, path.substring(Math.min(path.length(), "/logs/".length())));
    }

    /// `/VERB/NAMESPACE/POD` or `/VERB/NAMESPACE/POD/CONTAINER`.
    private static Target target(String[] parts) {
        if (parts.length < 3) return new Target("", "", "");
        return new Target(parts[1], parts[2], parts.length > 3 ? parts[3] : "");
    }

    private Map<String, Object> podList() {
        var items = pods.all().stream().map(pod -> pod.view().map()).toList();
        return Trees.map("kind", "PodList", "apiVersion", "v1", "metadata", Trees.map(), "items", items);
    }

    private void stats(Exchange exchange) throws IOException {
        if (!exchange.path().equals("/stats/summary")) {
            Answers.text(exchange, 404, NOT_FOUND);
            return;
        }
        boolean little = exchange.query("only_cpu_and_memory").equals("true");
        var now = little ? usage.usage() : usage.usageWithDisk();
        Answers.json(exchange, new StatsSummary(config.nodeName(), now, !little, pods::claims).tree());
    }

    private void metrics(Exchange exchange, String which) throws IOException {
        switch (which) {
            case "", "slis" -> page(exchange);
            case "resource" -> Answers.metrics(exchange, ResourceMetrics.of(usage.usage()));
            case "cadvisor" -> Answers.metrics(exchange, ContainerMetrics.of(usage.usageWithDisk()));
            case "probes" -> Answers.metrics(exchange, NodeMetrics.probes(probes.all()));
            default -> Answers.text(exchange, 404, NOT_FOUND);
        }
    }
}
