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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

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
    private static final double NANOS = 1e9;
    private static final Metric DURATION = Metric.histogram(
            "apiserver_request_duration_seconds",
            "[STABLE] How long requests took.",
            List.of(
                    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0,
                    15.0, 20.0, 30.0, 45.0, 60.0),
            "verb",
            "dry_run",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component");
    private static final Metric OWN_DURATION = Metric.histogram(
            "apiserver_request_sli_duration_seconds",
            "[ALPHA] How long requests took, without what they waited for their turn.",
            List.of(
                    0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0,
                    45.0, 60.0),
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component");
    private static final Metric SIZES = Metric.histogram(
            "apiserver_response_sizes",
            "[STABLE] Sizes of the answers to reading requests, in bytes.",
            Metric.exponential(1000, 10, 7),
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component");
    private static final Metric LONG_RUNNING = Metric.gauge(
            "apiserver_longrunning_requests",
            "[STABLE] Requests under way that last as long as somebody likes.",
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component");
    private static final Metric IN_FLIGHT = Metric.gauge(
            "apiserver_current_inflight_requests", "[STABLE] Requests that are being served.", "request_kind");
    private static final Metric DEPRECATED = Metric.gauge(
            "apiserver_requested_deprecated_apis",
            "[STABLE] Versions of resources that are to go and were asked for.",
            "group",
            "version",
            "resource",
            "subresource",
            "removed_release");
    private static final Metric OWN = Metric.counter(
            "apiserver_selfrequest_total",
            "[ALPHA] Requests of the API server to itself.",
            "verb",
            "group",
            "resource",
            "subresource");
    private static final Metric TERMINATIONS = Metric.counter(
            "apiserver_request_terminations_total",
            "[ALPHA] Requests that were refused because there were too many.",
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component",
            "code");
    private static final String SELF = "system:apiserver";
    private static final Set<String> READING = Set.of("GET", "LIST");
    private static final Set<String> VERBS =
            Set.of("APPLY", "CONNECT", "DELETE", "GET", "LIST", "PATCH", "POST", "PUT", "WATCH");

    private final Metrics metrics;
    private final Resources resources;
    private final LongSupplier nanos;
    private final LongAdder reading = new LongAdder();
    private final LongAdder mutating = new LongAdder();
    /// Deprecated versions that somebody has asked for.
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /// @param nanos of a clock that nobody can set
    public RequestMetrics(Metrics metrics, Resources resources, LongSupplier nanos) {
        this.metrics = metrics;
        this.resources = resources;
        this.nanos = nanos;
        metrics.declare(TERMINATIONS);
        metrics.declare(OWN);
        metrics.registerGauges(
                () -> List.of(IN_FLIGHT.of(reading.sum(), "readOnly"), IN_FLIGHT.of(mutating.sum(), "mutating")));
    }

    private LongAdder inFlight(RequestInfo info) {
        return info.is(Verb.GET) || info.is(Verb.LIST) ? reading : mutating;
    }

    /// A request for a subresource that is served, or for none, is about to be served.
    void begun(ResourceRequest request) {
        if (request.info().longRunning()) metrics.record(LONG_RUNNING.once(labels(request)));
        else inFlight(request.info()).increment();
        var version = request.endpoint().version();
        var kind = request.endpoint().kind();
        // Once is enough: whether, not how often.
        if (!version.deprecation().isEmpty() && !kind.custom() && told.add(kind.qualified() + "/" + version.name()))
            metrics.record(DEPRECATED.once(
                    kind.group(), version.name(), kind.plural(), request.info().subresource(), ""));
    }

    /// The same request has been served.
    ///
    /// @param code of the answer; 0 when the connection became something else
    void ended(ResourceRequest request, int code) {
        var info = request.info();
        if (info.longRunning()) metrics.record(LONG_RUNNING.of(-1, labels(request)));
        else inFlight(info).decrement();
        count(request.request(), request.endpoint(), code);
    }

    /// Counts a call that was refused before anybody asked whether it is for something.
    void refused(ApiRequest request, int code) {
        var info = request.info();
        resources
                .endpoint(info.group(), info.version(), info.resource())
                .filter(endpoint -> endpoint.kind().serves(info.subresource()))
                .ifPresent(endpoint -> {
                    terminated(request, endpoint, code);
                    count(request, endpoint, code);
                });
    }

    private void terminated(ApiRequest request, Endpoint endpoint, int code) {
        var info = request.info();
        var scope = scope(info);
        metrics.record(TERMINATIONS.once(
                verb(request.call(), info, scope),
                endpoint.kind().group(),
                endpoint.version().name(),
                endpoint.kind().plural(),
                info.subresource(),
                scope,
                COMPONENT,
                String.valueOf(code)));
    }

    private static String[] labels(ResourceRequest request) {
        var scope = scope(request.info());
        return labels(verb(request.call(), request.info(), scope), request.info(), request.endpoint(), scope);
    }

    private static String[] labels(String verb, RequestInfo info, Endpoint endpoint, String scope) {
        var kind = endpoint.kind();
        var version = endpoint.version().name();
        return new String[] {verb, kind.group(), version, kind.plural(), info.subresource(), scope, COMPONENT};
    }

    private void count(ApiRequest request, Endpoint endpoint, int code) {
        var info = request.info();
        var scope = scope(info);
        var verb = verb(request.call(), info, scope);
        var dryRun = dryRun(request.call().query().getOrDefault("dryRun", List.of()));
        var kind = endpoint.kind();
        var version = endpoint.version().name();
        var sub = info.subresource();
        var response = request.response();
        metrics.record(REQUESTS.once(
                verb, dryRun, kind.group(), version, kind.plural(), sub, scope, COMPONENT, String.valueOf(code)));
        if (request.user().name().equals(SELF)) metrics.record(OWN.once(verb, kind.group(), kind.plural(), sub));
        long took = nanos.getAsLong() - response.received();
        metrics.record(
                DURATION.of(took / NANOS, verb, dryRun, kind.group(), version, kind.plural(), sub, scope, COMPONENT));
        if (info.longRunning()) return;
        var labels = labels(verb, info, endpoint, scope);
        metrics.record(OWN_DURATION.of(Math.max(0, took - response.waited()) / NANOS, labels));
        if (READING.contains(verb)) metrics.record(SIZES.of(response.bytes(), labels));
    }

    private static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.is(Verb.CREATE)) return "resource";
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    /// As the original calls it in capital letters.
    static String verb(Call call, RequestInfo info) {
        return verb(call, info, scope(info));
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
