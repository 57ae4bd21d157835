package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// `/version`, health checks, metrics, the documents of the service-account issuer, and the list of them all.
public final class InfoDocuments implements Document {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String READYZ = "/readyz";
    private static final List<String> HEALTH = List.of("/livez", READYZ, "/healthz");
    private static final String STORE = "etcd";
    private static final Metric REFUSES =
            Metric.gauge("navarch_store_refuses_writes", "1 while the store takes no writes, as on a full disk.");
    private static final List<String> CHECKS =
            List.of("ping", "log", STORE, "informer-sync", "poststarthook/rbac/bootstrap-roles");
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
            READYZ,
            "/version");

    /// Who issues service-account tokens.
    ///
    /// @param keys the public keys that verify them, as a JSON Web Key Set
    public record Issuer(String url, Supplier<Map<String, Object>> keys) {}

    private final Issuer issuer;
    private final Supplier<Optional<String>> refusal;
    private final Metrics metrics;
    private final Map<String, Object> version;
    private volatile boolean ready;
    private volatile boolean stopping;

    /// @param refusal why the store takes no writes, if it takes none
    public InfoDocuments(Issuer issuer, String gitVersion, Supplier<Optional<String>> refusal, Metrics metrics) {
        this.issuer = issuer;
        this.refusal = refusal;
        this.metrics = metrics;
        metrics.registerGauges(ProcessMetrics::read);
        metrics.registerGauges(() -> List.of(REFUSES.of(refusal.get().isPresent() ? 1 : 0)));
        version = Trees.map(
                "major", "1",
                "minor", "36",
                "gitVersion", gitVersion,
                "gitCommit", "",
                "gitTreeState", "clean",
                "buildDate", "2026-01-01T00:00:00Z",
                "goVersion", "",
                "compiler", "java " + Runtime.version().feature(),
                "platform", "linux/amd64");
    }

    public void ready() {
        ready = true;
    }

    public void stopping() {
        stopping = true;
    }

    @Override
    public boolean serve(ApiRequest request) throws IOException {
        var path = request.info().path();
        var check = HEALTH.stream()
                .filter(health -> path.equals(health) || CHECKS.contains(below(path, health)))
                .findFirst();
        if (check.isPresent()) {
            health(request, check.get());
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

    private static String below(String path, String health) {
        return path.startsWith(health + "/") ? path.substring(health.length() + 1) : "";
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

    /// A server that can only be read from is not ready, and lives: to start it again would not help.
    private void health(ApiRequest request, String check) throws IOException {
        boolean up = ready && !(stopping && check.equals(READYZ));
        boolean writes = !check.equals(READYZ) || refusal.get().isEmpty();
        Predicate<String> passes = name -> up && (writes || !name.equals(STORE));
        var own = below(request.info().path(), check);
        boolean ok = own.isEmpty() ? CHECKS.stream().allMatch(passes) : passes.test(own);
        boolean verbose = request.call().query().containsKey("verbose");
        var text = new StringBuilder();
        for (var name : CHECKS) {
            boolean passed = passes.test(name);
            text.append(passed ? "[+]" : "[-]").append(name).append(passed ? " ok\n" : " failed: reason withheld\n");
        }
        text.append(check.substring(1)).append(ok ? " check passed\n" : " check failed\n");
        var body = ok && !verbose ? "ok" : text.toString();
        request.response().sendBytes(ok ? 200 : 500, ContentTypes.TEXT, body.getBytes(StandardCharsets.UTF_8));
    }
}
