package io.navarch.apiserver.stages;

import io.navarch.apiserver.registry.Endpoint;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.HeaderNames;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.Verb;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Counts the calls that were answered, by what they were for. Clients choose no label: resources and subresources are
/// those that are served, verbs, scopes and the values of `dryRun` are few, and calls for anything else are not
/// counted.
public final class RequestMetrics {
    private static final String COMPONENT = "apiserver";
    private static final Metric REQUESTS = Metric.counter(
            "apiserver_request_total",
            "[STABLE] Requests that were answered.",
            "verb",
            "dry_run",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component",
            "code");
    private static final Set<String> VERBS =
            Set.of("APPLY", "CONNECT", "DELETE", "GET", "LIST", "PATCH", "POST", "PUT", "WATCH");

    private final Metrics metrics;
    private final Resources resources;

    public RequestMetrics(Metrics metrics, Resources resources) {
        this.metrics = metrics;
        this.resources = resources;
    }

    /// @param request for a subresource that is served, or for none
    /// @param code of the answer; 0 when the connection became something else
    void count(ResourceRequest request, int code) {
        count(request.request(), request.endpoint(), code);
    }

    /// Counts a call that was refused before anybody asked whether it is for something.
    void refused(ApiRequest request, int code) {
        var info = request.info();
        resources
                .endpoint(info.group(), info.version(), info.resource())
                .filter(endpoint -> endpoint.kind().serves(info.subresource()))
                .ifPresent(endpoint -> count(request, endpoint, code));
    }

    private void count(ApiRequest request, Endpoint endpoint, int code) {
        var info = request.info();
        var scope = scope(info);
        metrics.record(REQUESTS.once(
                verb(request.call(), info, scope),
                dryRun(request.call().query().getOrDefault("dryRun", List.of())),
                endpoint.kind().group(),
                endpoint.version().name(),
                endpoint.kind().plural(),
                info.subresource(),
                scope,
                COMPONENT,
                String.valueOf(code)));
    }

    private static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.is(Verb.CREATE)) return "resource";
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    private static String verb(Call call, RequestInfo info, String scope) {
        if (info.streams()) return "CONNECT";
        if (info.is(Verb.WATCH)) return "WATCH";
        var method = call.method().toUpperCase(Locale.ROOT);
        var verb = switch (method) {
            case "GET", "HEAD" -> scope.equals("resource") ? "GET" : "LIST";
            case "PATCH" -> call.header(HeaderNames.CONTENT_TYPE).equals(ContentTypes.APPLY) ? "APPLY" : "PATCH";
            default -> method;
        };
        return VERBS.contains(verb) ? verb : "other";
    }

    private static String dryRun(List<String> sent) {
        if (sent.isEmpty()) return "";
        return sent.stream().allMatch("All"::equals) ? "All" : "invalid";
    }
}
