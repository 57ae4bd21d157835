package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.RequestInfo;
import io.navarch.apiserver.timing.CallTracing;
import io.navarch.http.HeaderNames;
import io.navarch.objects.Addresses;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Has calls followed by whoever traces them, under the original's names. It comes when it is known who calls, because
/// only some may say that theirs is to be followed.
public final class Tracing implements Stage<ApiRequest, ApiRequest> {
    private static final List<String> TRUSTED = List.of(User.MASTERS, "system:monitoring");

    /// From here on it is the server's fault.
    private static final int FAILURES = 500;

    private final CallTracing tracing;
    private final LongSupplier nanos;

    /// @param nanos of the clock that a call's arrival is known by
    public Tracing(CallTracing tracing, LongSupplier nanos) {
        this.tracing = tracing;
        this.nanos = nanos;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        if (tracing == CallTracing.OFF) {
            next.proceed(request);
            return;
        }
        var traced = tracing.begin(new CallTracing.Arrival(
                request.call().header("traceparent"),
                request.call().header("tracestate"),
                request.user().groups().stream().anyMatch(TRUSTED::contains)));
        if (traced.isEmpty()) {
            next.proceed(request);
            return;
        }
        request.response().times().follow();
        // The answer to what is refused is made by a stage before this one.
        request.response().whenOver(() -> traced.get().end(ended(request)));
        next.proceed(request);
    }

    private CallTracing.Ended ended(ApiRequest request) {
        var response = request.response();
        return new CallTracing.Ended(
                name(request.call().method(), request.info()),
                response.received(),
                nanos.getAsLong(),
                attributes(request),
                response.code() >= FAILURES,
                response.times().intervals());
    }

    private static String name(String method, RequestInfo info) {
        if (!info.resourceRequest()) return method;
        return CallLog.cut(method + (info.group().isEmpty() ? " /api" : " /apis/" + info.group()) + "/" + info.version()
                + (info.namespace().isEmpty() ? "" : "/namespaces/{:namespace}")
                + "/" + info.resource()
                + (info.name().isEmpty() ? "" : "/{:name}")
                + (info.subresource().isEmpty() ? "" : "/" + info.subresource()));
    }

    private static Map<String, Object> attributes(ApiRequest request) {
        var call = request.call();
        var attributes = new LinkedHashMap<String, Object>();
        attributes.put("http.request.method", call.method());
        attributes.put("url.scheme", "https");
        attributes.put("url.path", CallLog.cut(call.path()));
        attributes.put("http.target", CallLog.uri(request));
        attributes.put("server.address", CallLog.cut(call.header(HeaderNames.HOST)));
        attributes.put("user_agent.original", CallLog.cut(call.header("User-Agent")));
        call.exchange().ifPresent(exchange -> {
            attributes.put(
                    "network.peer.address",
                    Addresses.text(exchange.remote().getAddress().getAddress()));
            attributes.put("network.peer.port", exchange.remote().getPort());
            attributes.put("network.protocol.version", exchange.streamed() ? "2" : "1.1");
        });
        attributes.put("audit-id", request.response().auditId());
        if (request.response().code() != 0)
            attributes.put("http.response.status_code", request.response().code());
        return attributes;
    }
}
