package io.navarch.agent;

import io.navarch.cri.ContainerRuntime.RuntimeFailure;
import io.navarch.cri.v1.AttachRequest;
import io.navarch.cri.v1.ContainerStats;
import io.navarch.cri.v1.ExecRequest;
import io.navarch.cri.v1.PortForwardRequest;
import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The node's HTTP API on port 10250: logs, streams, pods, health and statistics, for the API server and monitoring.
public final class AgentApi {
    private final NodeAgent agent;
    private final Streams streams;

    public AgentApi(NodeAgent agent) {
        this.agent = agent;
        this.streams = new Streams(agent.http());
    }

    public void handle(Exchange exchange) throws Exception {
        var shown = exchange.clientCertificate();
        if (shown.isEmpty()) {
            text(exchange, 401, "Unauthorized");
            return;
        }
        var certificate = shown.get();
        // Who may call is who the cluster's authority calls a master: the API server and administrators.
        if (!certificate.getSubjectX500Principal().getName().contains("O=system:masters")) {
            text(
                    exchange,
                    403,
                    "Forbidden (user=" + certificate.getSubjectX500Principal().getName()
                            + ", verb=get, resource=nodes, subresource=proxy)");
            return;
        }
        var parts = exchange.path().substring(1).split("/");
        try {
            switch (parts[0]) {
                case "healthz" -> text(exchange, 200, "ok");
                case "pods", "runningpods" -> json(exchange, pods());
                case "stats" -> json(exchange, summary());
                case "metrics" ->
                    text(
                            exchange,
                            200,
                            "# TYPE kubelet_running_pods gauge\nkubelet_running_pods "
                                    + agent.workers().size() + "\n");
                case "containerLogs" -> logs(exchange, parts);
                case "exec" -> exec(exchange, parts);
                case "attach" -> attach(exchange, parts);
                case "portForward" -> portForward(exchange, parts);
                default -> text(exchange, 404, "404 page not found");
            }
        } catch (RuntimeFailure e) {
            if (!exchange.started()) text(exchange, e.notFound() ? 404 : 500, e.getMessage());
        }
    }

    private static void text(Exchange exchange, int status, String text) throws IOException {
        exchange.respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void json(Exchange exchange, Object tree) throws IOException {
        exchange.respond(200, "application/json", Json.write(tree));
    }

    /// An error in the form that `kubectl logs` and the API server pass on.
    private static void status(Exchange exchange, ApiException.Reason reason, String message) throws IOException {
        var error = new ApiException(reason, message);
        exchange.respond(error.code(), "application/json", Json.write(error.status()));
    }

    private Map<String, Object> pods() {
        var items = new ArrayList<Object>();
        for (var worker : agent.workers()) items.add(worker.pod().value());
        return Trees.map("kind", "PodList", "apiVersion", "v1", "metadata", Trees.map(), "items", items);
    }

    private void logs(Exchange exchange, String[] parts) throws IOException, InterruptedException {
        var pod = agent.pod(parts[1], parts[2]);
        var name = parts[3];
        var state = agent.state(pod.uid());
        boolean previous = exchange.query("previous").equals("true");
        var container = previous ? state.previous(name) : state.latest(name);
        if (!previous
                && container != null
                && container.started() == null
                && container.exited()
                && state.previous(name) != null) container = state.previous(name);
        if (container == null) {
            var why = previous
                    ? "previous terminated container \"" + name + "\" in pod \"" + parts[2] + "\" not found"
                    : "container \"" + name + "\" in pod \"" + parts[2] + "\" is waiting to start: "
                            + waiting(pod, name);
            status(exchange, ApiException.Reason.BAD_REQUEST, why);
            return;
        }
        var id = container.id();
        var tail = exchange.query("tailLines");
        var limit = exchange.query("limitBytes");
        var request = new ContainerLogs.Request(
                exchange.query("follow").equals("true"),
                exchange.query("timestamps").equals("true"),
                tail.isEmpty() ? -1 : Long.parseLong(tail),
                limit.isEmpty() ? -1 : Long.parseLong(limit),
                since(exchange),
                exchange.query("stream"));
        try (var out = exchange.start(200, Map.of("Content-Type", "text/plain"))) {
            ContainerLogs.copy(agent.logFile(pod, name, container.attempt()), request, out, () -> {
                var now = agent.state(pod.uid()).latest(name);
                return now != null && now.id().equals(id) && now.running();
            });
        }
    }

    private static String waiting(View pod, String container) {
        for (var field : List.of("containerStatuses", "initContainerStatuses")) {
            var waiting = pod.status()
                    .get(field)
                    .find("name", container)
                    .get("state", "waiting", "reason")
                    .string();
            if (!waiting.isEmpty())
                return waiting.equals("ImagePullBackOff") || waiting.equals("ErrImagePull")
                        ? "trying and failing to pull image"
                        : waiting;
        }
        return "ContainerCreating";
    }

    private Instant since(Exchange exchange) {
        if (!exchange.query("sinceSeconds").isEmpty())
            return agent.clock().instant().minusSeconds(Long.parseLong(exchange.query("sinceSeconds")));
        return Timestamps.parse(exchange.query("sinceTime"));
    }

    private String containerId(String[] parts) throws IOException {
        var pod = agent.pod(parts[1], parts[2]);
        var container = agent.state(pod.uid()).latest(parts[3]);
        if (container == null || !container.running())
            throw new IOException("container not found (\"" + parts[3] + "\")");
        return container.id();
    }

    private static boolean on(Exchange exchange, String name) {
        return List.of("1", "true").contains(exchange.query(name));
    }

    private void exec(Exchange exchange, String[] parts) throws Exception {
        String id;
        try {
            id = containerId(parts);
        } catch (IOException e) {
            status(exchange, ApiException.Reason.INTERNAL_ERROR, "unable to upgrade connection: " + e.getMessage());
            return;
        }
        var url = agent.runtime()
                .exec(ExecRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(exchange.query().getOrDefault("command", List.of()))
                        .setTty(on(exchange, "tty"))
                        .setStdin(on(exchange, "input"))
                        .setStdout(on(exchange, "output"))
                        .setStderr(on(exchange, "error") && !on(exchange, "tty"))
                        .build());
        streams.remoteCommand(
                exchange,
                url,
                on(exchange, "input"),
                on(exchange, "output"),
                on(exchange, "error") && !on(exchange, "tty"),
                on(exchange, "tty"));
    }

    private void attach(Exchange exchange, String[] parts) throws Exception {
        String id;
        try {
            id = containerId(parts);
        } catch (IOException e) {
            status(exchange, ApiException.Reason.INTERNAL_ERROR, "unable to upgrade connection: " + e.getMessage());
            return;
        }
        var pod = agent.pod(parts[1], parts[2]);
        boolean tty =
                pod.spec().get("containers").find("name", parts[3]).get("tty").bool();
        var url = agent.runtime()
                .attach(AttachRequest.newBuilder()
                        .setContainerId(id)
                        .setTty(tty)
                        .setStdin(on(exchange, "input"))
                        .setStdout(on(exchange, "output"))
                        .setStderr(on(exchange, "error") && !tty)
                        .build());
        streams.remoteCommand(
                exchange, url, on(exchange, "input"), on(exchange, "output"), on(exchange, "error") && !tty, tty);
    }

    private void portForward(Exchange exchange, String[] parts) throws Exception {
        var pod = agent.pod(parts[1], parts[2]);
        var box = agent.state(pod.uid()).readySandbox();
        if (box == null) {
            status(
                    exchange,
                    ApiException.Reason.INTERNAL_ERROR,
                    "unable to upgrade connection: pod not found (\"" + parts[2] + "_" + parts[1] + "\")");
            return;
        }
        var request = PortForwardRequest.newBuilder().setPodSandboxId(box.id());
        for (var port : exchange.query("port").split(",")) if (!port.isEmpty()) request.addPort(Integer.parseInt(port));
        streams.portForward(exchange, agent.runtime().portForward(request.build()));
    }

    private Map<String, Object> summary() {
        var byPod = new LinkedHashMap<String, List<ContainerStats>>();
        for (var stats : agent.runtime().stats()) {
            byPod.computeIfAbsent(
                            stats.getAttributes().getLabelsOrDefault(ContainerConfigs.POD_UID, ""),
                            key -> new ArrayList<>())
                    .add(stats);
        }
        var pods = new ArrayList<Object>();
        for (var worker : agent.workers()) {
            var pod = worker.pod();
            var containers = new ArrayList<Object>();
            for (var stats : byPod.getOrDefault(pod.uid(), List.of())) {
                containers.add(Trees.map(
                        "name", stats.getAttributes().getLabelsOrDefault(ContainerConfigs.CONTAINER_NAME, ""),
                        "cpu",
                                Trees.map(
                                        "time",
                                        time(stats.getCpu().getTimestamp()),
                                        "usageCoreNanoSeconds",
                                        stats.getCpu().getUsageCoreNanoSeconds().getValue()),
                        "memory",
                                Trees.map(
                                        "time",
                                        time(stats.getMemory().getTimestamp()),
                                        "workingSetBytes",
                                        stats.getMemory().getWorkingSetBytes().getValue())));
            }
            pods.add(Trees.map(
                    "podRef",
                    Trees.map("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                    "containers",
                    containers));
        }
        return Trees.map("node", Trees.map("nodeName", agent.config().nodeName()), "pods", pods);
    }

    private static String time(long nanos) {
        return Timestamps.seconds(Instant.ofEpochSecond(nanos / 1_000_000_000));
    }
}
