package io.navarch.apiserver.proxy;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.objects.ApiException;
import io.navarch.schema.subresource.Connector;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Carries calls on to where a [Connector] says. Upgraded connections are spliced byte for byte, so that the other side
/// speaks SPDY or WebSocket with the client itself.
public final class Forwarder {
    /// Headers between two neighbours, which are not passed on.
    private static final Set<String> HOP_HEADERS = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "authorization",
            "content-length");

    /// An upgrade is between the two ends, so that only these belong to this hop.
    private static final Set<String> UPGRADE_HOP_HEADERS = Set.of("host", "authorization", "content-length");

    private static final int LONGEST_REFUSAL = 50_000;
    private static final String IMPERSONATION = "impersonate-";

    private final HttpClient client;
    private final Supplier<SslContext> agentTls;
    private final Predicate<String> identity;

    /// @param agentTls as it is at the time of a call: shows the API server's certificate and trusts the cluster's
    /// authority
    /// @param identity whether a header may say who calls: whoever is behind must not hear that from the caller
    public Forwarder(HttpClient client, Supplier<SslContext> agentTls, Predicate<String> identity) {
        this.identity = identity;
        this.client = client;
        this.agentTls = agentTls;
    }

    public void forward(ResourceRequest request, Connector.Destination destination) throws IOException {
        switch (destination) {
            case Connector.Nothing nothing ->
                request.response()
                        .start(200, Map.of(HeaderNames.CONTENT_TYPE, "text/plain"))
                        .close();
            case Connector.Fetch fetch ->
                fetch(request, target(fetch.host()), HttpClient.Request.of("GET", fetch.uri(), List.of()));
            case Connector.Upgrade upgrade -> upgrade(request, target(upgrade.host()), upgrade.uri());
            case Connector.Forward forward -> proxy(request, target(forward.host()));
        }
    }

    private HttpClient.Target target(Connector.Host host) {
        return host.agent()
                ? HttpClient.Target.secure(host.address(), host.port(), agentTls.get())
                : HttpClient.Target.plain(host.address(), host.port());
    }

    private void proxy(ResourceRequest request, HttpClient.Target target) throws IOException {
        var call = request.call();
        var sent = call.exchange().map(Exchange::uri).orElse(call.path());
        var uri = ProxiedPath.behind(sent, request.info().name(), request.info().subresource());
        if (call.exchange().filter(Exchange::wantsUpgrade).isPresent()) {
            upgrade(request, target, uri);
            return;
        }
        var headers = call.exchange()
                .map(exchange -> sent(HOP_HEADERS, exchange.headers()))
                .orElse(List.of());
        var body = BodyDecoder.read(call);
        pass(
                request,
                target,
                body.length == 0
                        ? HttpClient.Request.of(call.method(), uri, headers)
                        : HttpClient.Request.of(call.method(), uri, headers, body));
    }

    private void pass(ResourceRequest request, HttpClient.Target target, HttpClient.Request forwarded)
            throws IOException {
        var response = send(target, forwarded);
        request.call().onClose(response::close);
        answer(request, response);
    }

    /// As [#pass]; what a stock kubelet refuses in plain text is refused with a Status.
    private void fetch(ResourceRequest request, HttpClient.Target target, HttpClient.Request forwarded)
            throws IOException {
        var response = send(target, forwarded);
        request.call().onClose(response::close);
        boolean good = response.status() >= 200 && response.status() <= 206;
        if (good || response.header(HeaderNames.CONTENT_TYPE).startsWith("application/json")) {
            answer(request, response);
            return;
        }
        var refusal = new String(response.body().readNBytes(LONGEST_REFUSAL), StandardCharsets.UTF_8);
        response.close();
        throw switch (response.status()) {
            case 400 -> ApiException.badRequest(refusal);
            case 401 -> new ApiException(ApiException.Reason.UNAUTHORIZED, refusal);
            case 403 -> new ApiException(ApiException.Reason.FORBIDDEN, refusal);
            case 404 -> new ApiException(ApiException.Reason.NOT_FOUND, refusal);
            default -> new ApiException(ApiException.Reason.INTERNAL_ERROR, "Internal error occurred: " + refusal);
        };
    }

    private void upgrade(ResourceRequest request, HttpClient.Target target, String uri) throws IOException {
        var exchange = request.call()
                .exchange()
                .filter(Exchange::wantsUpgrade)
                .orElseThrow(() -> ApiException.badRequest("Upgrade request required"));
        var headers = sent(UPGRADE_HOP_HEADERS, exchange.headers());
        var response = send(target, HttpClient.Request.of(exchange.method(), uri, headers));
        if (response.status() != 101) {
            answer(request, response);
            return;
        }
        request.response().begin();
        exchange.upgrade().raw(response.headers()).splice(response.upgraded());
    }

    private HttpClient.Response send(HttpClient.Target target, HttpClient.Request request) {
        try {
            return client.send(target, request, Duration.ZERO);
        } catch (IOException e) {
            throw new ApiException(
                    ApiException.Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
        }
    }

    private static void answer(ResourceRequest request, HttpClient.Response response) throws IOException {
        try (response) {
            var headers = new LinkedHashMap<String, String>();
            for (var header : without(HOP_HEADERS, response.headers())) headers.put(header.getKey(), header.getValue());
            try (var out = request.response().start(response.status(), headers)) {
                response.body().transferTo(out);
            }
        }
    }

    /// Of a call's headers those that go on with it.
    private List<Map.Entry<String, String>> sent(Set<String> names, Iterable<Map.Entry<String, String>> headers) {
        return without(names, headers).stream()
                .filter(header -> !header.getKey().toLowerCase(Locale.ROOT).startsWith(IMPERSONATION))
                .filter(header -> !identity.test(header.getKey()))
                .toList();
    }

    private static List<Map.Entry<String, String>> without(
            Set<String> names, Iterable<Map.Entry<String, String>> headers) {
        var result = new ArrayList<Map.Entry<String, String>>();
        for (var header : headers) {
            if (!names.contains(header.getKey().toLowerCase(Locale.ROOT))) result.add(header);
        }
        return result;
    }
}
