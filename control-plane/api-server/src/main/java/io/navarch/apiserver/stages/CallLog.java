package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.timing.CallTimes;
import io.navarch.objects.Addresses;
import io.navarch.process.FieldLog;
import io.navarch.process.LogRate;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells in the log of each call, if that is wanted, and always of those that took long: how long which part of them
/// did. What callers have sent is told as far as it is no secret: of headers their program alone, and no parameters of
/// what others serve.
public final class CallLog implements Stage<ApiRequest, ApiRequest> {
    private static final FieldLog LOG = FieldLog.of(CallLog.class);

    /// From which verbosity on each call is told, as in the original, and those of this process itself.
    private static final int EACH = 3;

    private static final int OWN = 6;

    /// Those of this process that took long.
    private static final int OWN_SLOW = 4;

    /// What the original traces.
    private static final Duration SLOW = Duration.ofMillis(500);

    private static final int LONGEST = 1024;

    private final LongSupplier nanos;
    private final LogRate calls;
    private final LogRate slow;

    /// @param nanos of a clock that nobody can set
    public CallLog(LongSupplier nanos) {
        this.nanos = nanos;
        calls = new LogRate(2000, 4000, nanos);
        slow = new LogRate(5, 50, nanos);
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        try {
            next.proceed(request);
        } finally {
            ended(request);
        }
    }

    private void ended(ApiRequest request) {
        var response = request.response();
        response.written();
        response.over();
        var took = Duration.ofNanos(nanos.getAsLong() - response.received());
        boolean own = request.call().trusted().isPresent();
        if (took.compareTo(SLOW) > 0 && !request.info().longRunning())
            tell(own ? OWN_SLOW : 0, "Slow request", slow, () -> slow(request, took));
        tell(own ? OWN : EACH, "HTTP", calls, () -> each(request, took));
    }

    private static void tell(int verbosity, String message, LogRate rate, Supplier<Map<String, Object>> fields) {
        if (LOG.enabled(verbosity))
            rate.next().ifPresent(left -> LOG.log(verbosity, message, with(left, fields.get())));
    }

    /// @param left lines that were left out
    private static Map<String, Object> with(long left, Map<String, Object> fields) {
        if (left > 0) fields.put("suppressed", left);
        return fields;
    }

    private static Map<String, Object> each(ApiRequest request, Duration took) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("verb", verb(request));
        fields.put("URI", uri(request));
        fields.put("latency", took);
        fields.put("userAgent", cut(request.call().header("User-Agent")));
        fields.put("audit-ID", request.response().auditId());
        fields.put("srcIP", source(request));
        answered(request, fields);
        return fields;
    }

    private static void answered(ApiRequest request, Map<String, Object> fields) {
        var response = request.response();
        boolean other = response.code() == 0 && response.begun();
        if (other) fields.put("hijacked", true);
        else fields.put("resp", response.code());
    }

    private static Map<String, Object> slow(ApiRequest request, Duration took) {
        var info = request.info();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("audit-ID", request.response().auditId());
        fields.put("user", cut(request.response().caller()));
        fields.put("verb", info.verb());
        if (info.resourceRequest()) {
            fields.put(
                    "resource", cut(info.group().isEmpty() ? info.resource() : info.resource() + "." + info.group()));
            fields.put("subresource", cut(info.subresource()));
            fields.put("namespace", cut(info.namespace()));
            fields.put("name", cut(info.name()));
        }
        fields.put("URI", uri(request));
        fields.put("userAgent", cut(request.call().header("User-Agent")));
        fields.put("srcIP", source(request));
        answered(request, fields);
        fields.put("bytes", request.response().bytes());
        fields.put("latency", took);
        for (var part : CallTimes.Part.values())
            fields.put(part.text(), request.response().times().of(part));
        return fields;
    }

    private static String verb(ApiRequest request) {
        return request.info().resourceRequest()
                ? RequestMetrics.verb(request.call(), request.info())
                : cut(request.call().method());
    }

    /// What is run in a container, and what is sent on to others, may well be secret.
    static String uri(ApiRequest request) {
        var uri = request.call().uri();
        int query = uri.indexOf('?');
        return cut(request.info().streams() && query >= 0 ? uri.substring(0, query) : uri);
    }

    static String cut(String sent) {
        return sent.length() > LONGEST ? sent.substring(0, LONGEST) + "...TRUNCATED" : sent;
    }

    private static String source(ApiRequest request) {
        return request.call()
                .exchange()
                .map(exchange -> {
                    var address = Addresses.text(exchange.remote().getAddress().getAddress());
                    return (address.contains(":") ? "[" + address + "]" : address) + ":"
                            + exchange.remote().getPort();
                })
                .orElse("");
    }
}
