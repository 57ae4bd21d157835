package io.navarch.agent;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.navarch.agent.RuntimeState.Container;
import io.navarch.cri.ContainerRuntime;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Probes the containers of one pod, each probe on a thread of its own, and remembers what came of it.
final class Prober implements PodDecision.Probes {
    /// `true` started, ready, alive.
    private record Result(boolean success, String message) {}

    /// Told of a probe's failure: container, kind, message.
    interface Listener {
        void failed(View container, String kind, String message);

        void changed();
    }

    private final ContainerRuntime runtime;
    private final HttpClient http;
    private final Listener listener;
    private final Map<String, Result> results = new ConcurrentHashMap<>();
    private final Map<String, TaskScope> running = new ConcurrentHashMap<>();
    private volatile View pod = View.of(null);

    Prober(ContainerRuntime runtime, HttpClient http, Listener listener) {
        this.runtime = runtime;
        this.http = http;
        this.listener = listener;
    }

    /// Starts probes for containers that run and stops those of containers that do not.
    void update(View current, RuntimeState state) {
        pod = current;
        for (var container : state.containers()) {
            if (!container.running() || running.containsKey(container.id())) continue;
            var spec = spec(container.name());
            if (!spec.exists()) continue;
            var scope = new TaskScope();
            running.put(container.id(), scope);
            for (var kind : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                if (spec.get(kind).exists()) scope.start(kind, () -> loop(container, spec, kind, address(state)));
            }
        }
        running.forEach((id, scope) -> {
            if (state.containers().stream()
                    .noneMatch(container -> container.id().equals(id) && container.running())) stop(id);
        });
    }

    private static String address(RuntimeState state) {
        return state.sandboxes().isEmpty() ? "" : state.sandboxes().getFirst().ip();
    }

    private View spec(String name) {
        var spec = pod.spec().get("containers").find("name", name);
        return spec.exists() ? spec : pod.spec().get("initContainers").find("name", name);
    }

    private void stop(String id) {
        var scope = running.remove(id);
        if (scope != null) Thread.ofVirtual().start(scope::close);
        results.keySet().removeIf(key -> key.startsWith(id));
    }

    void close() {
        List.copyOf(running.keySet()).forEach(this::stop);
    }

    @Override
    public boolean started(Container container) {
        if (!spec(container.name()).get("startupProbe").exists()) return true;
        var result = results.get(container.id() + "/startupProbe");
        return result != null && result.success;
    }

    boolean ready(Container container) {
        if (!started(container)) return false;
        if (!spec(container.name()).get("readinessProbe").exists()) return true;
        var result = results.get(container.id() + "/readinessProbe");
        return result != null && result.success;
    }

    @Override
    public String failed(Container container) {
        for (var kind : List.of("startupProbe", "livenessProbe")) {
            var result = results.get(container.id() + "/" + kind);
            if (result != null && !result.success) return kind.replace("Probe", " probe");
        }
        return null;
    }

    private void loop(Container container, View spec, String kind, String address) throws InterruptedException {
        var probe = spec.get(kind);
        TaskScope.pause(probe.get("initialDelaySeconds").longOr(0) * 1000);
        int successes = 0;
        int failures = 0;
        while (true) {
            if (!kind.equals("startupProbe") && !started(container)) {
                TaskScope.pause(100);
                continue;
            }
            var result = probe(container, spec, probe, address);
            var key = container.id() + "/" + kind;
            if (result.success) {
                failures = 0;
                if (++successes >= probe.get("successThreshold").intOr(1)) set(key, result);
                // Once started is for good.
                if (kind.equals("startupProbe") && results.containsKey(key)) return;
            } else {
                successes = 0;
                listener.failed(spec, kind, result.message);
                if (++failures >= probe.get("failureThreshold").intOr(3)) set(key, result);
            }
            TaskScope.pause(probe.get("periodSeconds").longOr(10) * 1000);
        }
    }

    private void set(String key, Result result) {
        var before = results.put(key, result);
        if (before == null || before.success != result.success) listener.changed();
    }

    private Result probe(Container container, View spec, View probe, String address) {
        int timeout = Math.max(1, probe.get("timeoutSeconds").intOr(1));
        try {
            if (probe.get("exec").exists()) {
                var answer = runtime.execSync(
                        container.id(), probe.get("exec", "command").strings(), timeout);
                var text = answer.getStdout().toString(StandardCharsets.UTF_8)
                        + answer.getStderr().toString(StandardCharsets.UTF_8);
                return new Result(answer.getExitCode() == 0, text.strip());
            }
            if (probe.get("httpGet").exists()) return httpGet(probe.get("httpGet"), spec, address, timeout);
            if (probe.get("grpc").exists()) return grpc(probe.get("grpc"), address, timeout);
            var target = probe.get("tcpSocket");
            try (var socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(target.get("host").stringOr(address), port(target.get("port"), spec)),
                        timeout * 1000);
                return new Result(true, "");
            }
        } catch (IOException | RuntimeException e) {
            return new Result(false, String.valueOf(e.getMessage()));
        }
    }

    static int port(View port, View container) {
        if (port.value() instanceof Number number) return number.intValue();
        return container
                .get("ports")
                .find("name", port.string())
                .get("containerPort")
                .intOr(0);
    }

    private Result httpGet(View action, View spec, String address, int timeout) throws IOException {
        int status = httpStatus(http, action, spec, address, timeout);
        return new Result(status >= 200 && status < 400, "HTTP probe failed with statuscode: " + status);
    }

    /// Also what an `httpGet` lifecycle hook does.
    static int httpStatus(HttpClient http, View action, View spec, String address, int timeout) throws IOException {
        var headers = new ArrayList<Map.Entry<String, String>>();
        headers.add(Map.entry("User-Agent", "kube-probe/1.36"));
        headers.add(Map.entry("Connection", "close"));
        headers.add(Map.entry("Accept", "*/*"));
        for (var header : action.get("httpHeaders").views())
            headers.add(
                    Map.entry(header.get("name").string(), header.get("value").string()));
        var host = action.get("host").stringOr(address);
        int port = port(action.get("port"), spec);
        var target = action.get("scheme").string().equals("HTTPS")
                ? HttpClient.Target.secure(host, port, Tls.client(Optional.empty(), Optional.empty()))
                : HttpClient.Target.plain(host, port);
        var path = action.get("path").stringOr("/");
        try (var response = http.send(
                target,
                HttpClient.Request.of("GET", path.startsWith("/") ? path : "/" + path, headers),
                Duration.ofSeconds(timeout))) {
            return response.status();
        }
    }

    private static Result grpc(View action, String address, int timeout) {
        var channel = io.grpc.netty.NettyChannelBuilder.forAddress(
                        address, action.get("port").intOr(0))
                .usePlaintext()
                .build();
        try {
            var answer = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeout, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder()
                            .setService(action.get("service").string())
                            .build());
            boolean serving = answer.getStatus() == io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
            return new Result(serving, "service unhealthy (responded with \"" + answer.getStatus() + "\")");
        } finally {
            channel.shutdownNow();
        }
    }
}
