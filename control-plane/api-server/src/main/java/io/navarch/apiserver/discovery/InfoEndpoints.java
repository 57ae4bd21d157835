package io.navarch.apiserver.discovery;

import io.navarch.apiserver.access.ServiceAccountTokens;
import io.navarch.apiserver.request.RequestContext;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `/version`, health checks, metrics and the service-account issuer's documents.
public final class InfoEndpoints {
    private static final List<String> CHECKS =
            List.of("ping", "log", "store", "informer-sync", "poststarthook/rbac/bootstrap-roles");

    private final ServiceAccountTokens tokens;
    private final Map<String, Object> version;
    private static final Metric REQUESTS = Metric.counter(
            "apiserver_request_total", "[STABLE] Requests that were answered.", "verb", "resource", "code");

    private final Metrics metrics;
    private volatile boolean ready;
    private volatile boolean stopping;

    public InfoEndpoints(ServiceAccountTokens tokens, String gitVersion, Metrics metrics) {
        this.metrics = metrics;
        metrics.registerGauges(ProcessMetrics::read);
        this.tokens = tokens;
        this.version = Trees.map(
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

    public void count(String verb, String resource, int code) {
        metrics.record(REQUESTS.once(verb.toUpperCase(Locale.ROOT), resource, String.valueOf(code)));
    }

    public boolean serve(RequestContext context) throws IOException {
        var path = context.info.path();
        if (path.equals("/version") || path.equals("/version/")) {
            context.respond(200, version);
            return true;
        }
        for (var check : List.of("/livez", "/readyz", "/healthz")) {
            if (path.equals(check) || path.startsWith(check + "/")) {
                health(context, check);
                return true;
            }
        }
        switch (path) {
            case "/metrics" ->
                context.respondBytes(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.text().getBytes(StandardCharsets.UTF_8));
            case "/.well-known/openid-configuration" ->
                context.respond(
                        200,
                        Trees.map(
                                "issuer", tokens.issuer(),
                                "jwks_uri", tokens.issuer() + "/openid/v1/jwks",
                                "response_types_supported", List.of("id_token"),
                                "subject_types_supported", List.of("public"),
                                "id_token_signing_alg_values_supported", List.of("RS256")));
            case "/openid/v1/jwks" ->
                context.respondBytes(200, "application/jwk-set+json", io.navarch.objects.Json.write(tokens.jwks()));
            case "/" ->
                context.respond(
                        200,
                        Trees.map(
                                "paths",
                                List.of(
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
                                        "/version")));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void health(RequestContext context, String check) throws IOException {
        boolean ok = ready && !(stopping && check.equals("/readyz"));
        boolean verbose = context.call().query().containsKey("verbose");
        var text = new StringBuilder();
        for (var name : CHECKS)
            text.append(ok ? "[+]" : "[-]").append(name).append(ok ? " ok\n" : " failed: reason withheld\n");
        text.append(check.substring(1)).append(ok ? " check passed\n" : " check failed\n");
        var body = ok && !verbose ? "ok" : text.toString();
        context.respondBytes(ok ? 200 : 500, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }
}
