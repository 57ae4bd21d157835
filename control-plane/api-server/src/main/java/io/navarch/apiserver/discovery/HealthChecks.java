package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `/livez`, `/readyz`, `/healthz`, and each of their checks by itself, under the names of kube-apiserver where there
/// is
/// such a part here.
///
/// Source: https://kubernetes.io/docs/reference/using-api/health-checks/
final class HealthChecks {
    private static final String READYZ = "/readyz";
    private static final List<String> PATHS = List.of("/livez", READYZ, "/healthz");
    private static final String STORE = "etcd";
    private static final String STORE_READY = "etcd-readiness";
    private static final String SHUTDOWN = "shutdown";
    private static final String HOOK = "poststarthook/";

    /// What has to have happened before anybody is served.
    private static final List<String> STARTED = List.of(
            HOOK + "start-apiserver-admission-initializer",
            HOOK + "generic-apiserver-start-informers",
            HOOK + "priority-and-fairness-config-consumer",
            HOOK + "priority-and-fairness-filter",
            HOOK + "storage-object-count-tracker-hook",
            HOOK + "start-apiextensions-informers",
            HOOK + "start-apiextensions-controllers",
            HOOK + "crd-informer-synced",
            HOOK + "start-system-namespaces-controller",
            HOOK + "start-cluster-authentication-info-controller",
            HOOK + "storage-readiness",
            HOOK + "start-legacy-token-tracking-controller",
            HOOK + "rbac/bootstrap-roles",
            HOOK + "scheduling/bootstrap-system-priority-classes",
            HOOK + "priority-and-fairness-config-producer",
            HOOK + "bootstrap-controller",
            HOOK + "start-kubernetes-service-cidr-controller",
            HOOK + "aggregator-reload-proxy-client-cert",
            HOOK + "start-kube-aggregator-informers",
            HOOK + "apiservice-status-local-available-controller",
            HOOK + "apiservice-status-remote-available-controller",
            HOOK + "apiservice-registration-controller",
            HOOK + "apiservice-discovery-controller",
            HOOK + "kube-apiserver-autoregistration",
            "autoregister-completion",
            HOOK + "apiservice-openapi-controller",
            HOOK + "apiservice-openapiv3-controller");

    private static final Map<String, List<String>> CHECKS = Map.of(
            "/livez",
            around(List.of("ping", "log", STORE), List.of()),
            "/healthz",
            around(List.of("ping", "log", STORE), List.of()),
            READYZ,
            around(List.of("ping", "log", STORE, STORE_READY, "informer-sync"), List.of(SHUTDOWN)));

    private final Supplier<Optional<String>> refusal;
    private volatile boolean ready;
    private volatile boolean stopping;

    /// @param refusal why the store takes no writes, if it takes none
    HealthChecks(Supplier<Optional<String>> refusal) {
        this.refusal = refusal;
    }

    private static List<String> around(List<String> first, List<String> last) {
        var all = new ArrayList<>(first);
        all.addAll(STARTED);
        all.addAll(last);
        return List.copyOf(all);
    }

    void ready() {
        ready = true;
    }

    void stopping() {
        stopping = true;
    }

    /// Why it fails, if it does. A server that can only be read from is not ready, and lives: to start it again would
    /// not help.
    private Optional<String> failure(String health, String check) {
        return switch (check) {
            case "ping", "log" -> Optional.empty();
            case SHUTDOWN -> stopping ? Optional.of("process is shutting down") : Optional.empty();
            case STORE, STORE_READY -> {
                if (!ready) yield Optional.of("not started");
                yield health.equals(READYZ) ? refusal.get() : Optional.empty();
            }
            default -> ready ? Optional.empty() : Optional.of("not finished");
        };
    }

    /// Answers when the path is one of a check.
    boolean serve(ApiRequest request) throws IOException {
        var path = request.info().path();
        for (var health : PATHS) {
            if (path.equals(health)) {
                all(request, health);
                return true;
            }
            if (!path.startsWith(health + "/")) continue;
            var check = path.substring(health.length() + 1);
            if (!CHECKS.getOrDefault(health, List.of()).contains(check)) continue;
            one(request, failure(health, check));
            return true;
        }
        return false;
    }

    private static void one(ApiRequest request, Optional<String> failure) throws IOException {
        if (failure.isEmpty()) text(request, 200, "ok", false);
        else text(request, 500, "internal server error: " + failure.get() + "\n", true);
    }

    private void all(ApiRequest request, String health) throws IOException {
        var query = request.call().query();
        var excluded = new TreeSet<>(query.getOrDefault("exclude", List.of()));
        var told = new StringBuilder();
        boolean failed = false;
        for (var check : CHECKS.getOrDefault(health, List.of())) {
            if (excluded.remove(check)) {
                told.append("[+]").append(check).append(" excluded: ok\n");
                continue;
            }
            boolean passed = failure(health, check).isEmpty();
            failed |= !passed;
            told.append(passed ? "[+]" : "[-]").append(check).append(passed ? " ok\n" : " failed: reason withheld\n");
        }
        excluded.remove("");
        if (!excluded.isEmpty())
            told.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(excluded.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")))
                    .append('\n');
        told.append(health.substring(1)).append(failed ? " check failed\n" : " check passed\n");
        boolean verbose = failed || query.containsKey("verbose");
        text(request, failed ? 500 : 200, verbose ? told.toString() : "ok", true);
    }

    private static void text(ApiRequest request, int status, String body, boolean unsniffed) throws IOException {
        var headers = request.response().headers(ContentTypes.TEXT);
        if (unsniffed) headers.put("X-Content-Type-Options", "nosniff");
        request.response().send(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
