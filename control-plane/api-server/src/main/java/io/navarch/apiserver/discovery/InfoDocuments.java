package io.navarch.apiserver.discovery;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.pages.BuildMetrics;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.FlagsPage;
import io.navarch.process.pages.Page;
import io.navarch.process.pages.ProcessMetrics;
import io.navarch.process.pages.StatusPage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `/version`, health checks, metrics, the documents of the service-account issuer, and the list of them all.
public final class InfoDocuments implements Document {
    private static final Metric REFUSES =
            Metric.gauge("navarch_store_refuses_writes", "1 while the store takes no writes, as on a full disk.");
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
            "/flagz",
            "/healthz",
            "/livez",
            "/metrics",
            "/metrics/slis",
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
    private final FlagsPage flags;
    private final ComponentPages.Component program;

    /// @param program what runs here
    /// @param refusal why the store takes no writes, if it takes none
    public InfoDocuments(
            Issuer issuer, ComponentPages.Component program, Supplier<Optional<String>> refusal, Metrics metrics) {
        this.program = program;
        var gitVersion = program.gitVersion();
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
                "buildDate", BuildMetrics.DATE,
                "goVersion", "",
                "compiler", BuildMetrics.COMPILER,
                "platform", BuildMetrics.PLATFORM);
        metrics.registerGauges(() -> BuildMetrics.of(gitVersion));
        metrics.registerGauges(
                () -> List.of(VERSIONS.of(1, gitVersion.replaceFirst("^v", ""), "kube", "1.36", "1.35")));
        status = new StatusPage(program.name(), gitVersion, PATHS);
        flags = new FlagsPage(program.name(), program.flags());
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
        var page = page(request, path);
        if (page.isPresent()) {
            send(request, page.get());
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

    private Optional<Page> page(ApiRequest request, String path) {
        var checked = health.answer(request);
        if (checked.isPresent()) return checked;
        var accept = request.call().header(HeaderNames.ACCEPT);
        return switch (path) {
            case "/metrics" -> Optional.of(Page.metrics(metrics.text()));
            case "/statusz" -> Optional.of(status.answer(accept));
            case "/flagz" -> Optional.of(flags.answer(accept));
            default -> path.startsWith("/debug/") ? debugged(request, path) : Optional.empty();
        };
    }

    private Optional<Page> debugged(ApiRequest request, String path) {
        var call = request.call();
        return program.debugged(new Page.Request(call.method(), path, call.query(), "", call::body));
    }

    private static void send(ApiRequest request, Page page) throws IOException {
        var headers = request.response().headers(page.contentType());
        headers.putAll(page.headers());
        request.response().send(page.status(), headers, page.body());
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
