package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.process.pages.HealthCheck;
import io.navarch.process.pages.HealthPages;
import io.navarch.process.pages.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `/livez`, `/readyz`, `/healthz`, and each of their checks by itself, under the names of kube-apiserver where there
/// is such a part here.
///
/// Source: https://kubernetes.io/docs/reference/using-api/health-checks/
final class HealthChecks {
    private static final String LIVEZ = "livez";
    private static final String READYZ = "readyz";
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

    private final Supplier<Optional<String>> refusal;
    private volatile boolean ready;
    private volatile boolean stopping;

    private final HealthPages pages;

    /// @param refusal why the store takes no writes, if it takes none
    HealthChecks(Supplier<Optional<String>> refusal) {
        this.refusal = refusal;
        var alive = around(LIVEZ, List.of("ping", "log", STORE), List.of());
        pages = new HealthPages(Map.of(
                LIVEZ,
                alive,
                "healthz",
                alive,
                READYZ,
                around(READYZ, List.of("ping", "log", STORE, STORE_READY, "informer-sync"), List.of(SHUTDOWN))));
    }

    private List<HealthCheck> around(String health, List<String> first, List<String> last) {
        return Stream.of(first, STARTED, last)
                .flatMap(List::stream)
                .map(name -> new HealthCheck(name, () -> failure(health, name)))
                .toList();
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
    Optional<Page> answer(ApiRequest request) {
        return pages.answer(request.info().path(), request.call().query());
    }
}
