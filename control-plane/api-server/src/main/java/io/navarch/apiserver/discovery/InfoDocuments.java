package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/version`, health checks, metrics, the documents of the service-account issuer, and the list of them all.
public final class InfoDocuments implements Document {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Metric REFUSES =
            Metric.gauge("navarch_store_refuses_writes", "1 while the store takes no writes, as on a full disk.");
    private static final Metric BUILD = Metric.gauge(
            "kubernetes_build_info",
            "[BETA] What this was built of.",
            "build_date",
            "compiler",
            "git_commit",
            "git_tree_state",
            "git_version",
            "go_version",
            "major",
            "minor",
            "platform");
    private static final Metric VERSIONS = Metric.gauge(
            "version_info",
            "[ALPHA] Which versions this is compatible with.",
            "binary",
            "component",
            "emulation",
            "min_compat");
    private static final List<String> PATHS = List.of(
            "/.well-known/openid-configuration",
            "/api",
            "/api/v1",
            "/apis",
            "/healthz",
            "/livez",
            "/metrics",
            "/openapi/v2",
            "/openapi/v3",
            "/openid/v1/jwks",
            "/readyz",
            "/statusz",
            "/version");

    /// Who issues service-account tokens.
    ///
    /// @param keys the public keys that verify them, as a JSON Web Key Set
    public record Issuer(String url, Supplier<Map<String, Object>> keys) {}

    private final Issuer issuer;
    private final HealthChecks health;
    private final Metrics metrics;
    private final Map<String, Object> version;
    private final StatusPage status;

    /// @param refusal why the store takes no writes, if it takes none
    public InfoDocuments(Issuer issuer, String gitVersion, Supplier<Optional<String>> refusal, Metrics metrics) {
        this.issuer = issuer;
        health = new HealthChecks(refusal);
        this.metrics = metrics;
        metrics.registerGauges(ProcessMetrics::read);
        metrics.registerGauges(() -> List.of(REFUSES.of(refusal.get().isPresent() ? 1 : 0)));
        version = Trees.map(
                "major", "1",
                "minor", "36",
                "emulationMajor", "1",
                "emulationMinor", "36",
                "minCompatibilityMajor", "1",
                "minCompatibilityMinor", "35",
                "gitVersion", gitVersion,
                "gitCommit", "",
                "gitTreeState", "clean",
                "buildDate", "2026-01-01T00:00:00Z",
                "goVersion", "",
                "compiler", "java " + Runtime.version().feature(),
                "platform", "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64"));
        metrics.registerGauges(() -> List.of(
                BUILD.of(
                        1,
                        "2026-01-01T00:00:00Z",
                        "java " + Runtime.version().feature(),
                        "",
                        "clean",
                        gitVersion,
                        "",
                        "1",
                        "36",
                        String.valueOf(version.get("platform"))),
                VERSIONS.of(1, gitVersion.replaceFirst("^v", ""), "kube", "1.36", "1.35")));
        status = new StatusPage(gitVersion);
    }

    public void ready() {
        health.ready();
    }

    public void stopping() {
        health.stopping();
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = request.info().path();
        if (health.serve(request)) return true;
        if (path.equals("/statusz")) {
            status.serve(request);
            return true;
        }
        if (path.equals("/metrics")) {
            var text = metrics.text().getBytes(StandardCharsets.UTF_8);
            request.response().sendBytes(200, METRICS_TYPE, text);
            return true;
        }
        if (path.equals("/openid/v1/jwks")) {
            request.response().sendBytes(200, "application/jwk-set+json", Json.write(issuer.keys.get()));
            return true;
        }
        var document = document(path);
        if (document.isEmpty()) return false;
        request.response().send(200, document.get());
        return true;
    }

    private Optional<Map<String, Object>> document(String path) {
        return switch (path) {
            case "/" -> Optional.of(Trees.map("paths", PATHS));
            case "/version", "/version/" -> Optional.of(version);
            case "/.well-known/openid-configuration" ->
                Optional.of(Trees.map(
                        "issuer", issuer.url,
                        "jwks_uri", issuer.url + "/openid/v1/jwks",
                        "response_types_supported", List.of("id_token"),
                        "subject_types_supported", List.of("public"),
                        "id_token_signing_alg_values_supported", List.of("RS256")));
            default -> Optional.empty();
        };
    }
}
