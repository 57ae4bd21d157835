package io.navarch.apiserver.proxy;

import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.subresource.Connector;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries calls on to where a [Connector] says. Upgraded connections are spliced byte for byte, so that the other side
/// speaks SPDY or WebSocket with the client itself.
public final class Forwarder {
    private static final int LONGEST_REFUSAL = 50_000;

    private final HttpClient client;
    private final Supplier<SslContext> agentTls;
    /// Takes every server, and shows none of the cluster's certificates; made when it is first needed.
    private @Nullable SslContext anyone;

    private final ForwardedHeaders headers;

    /// @param agentTls as it is at the time of a call: shows the API server's certificate and trusts the cluster's
    /// authority
    /// @param identity whether a header may say who calls: whoever is behind must not hear that from the caller
    public Forwarder(HttpClient client, Supplier<SslContext> agentTls, Predicate<String> identity) {
        this.headers = new ForwardedHeaders(identity);
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
            case Connector.Upgrade upgrade -> upgrade(request, upgrade.host(), upgrade.uri());
            case Connector.Forward forward -> proxy(request, forward.host());
        }
    }

    private HttpClient.Target target(Connector.Host host) {
        return switch (host.way()) {
            case PLAIN -> HttpClient.Target.plain(host.address(), host.port());
            case SECURE -> HttpClient.Target.secure(host.address(), host.port(), anyone());
            case AGENT -> HttpClient.Target.secure(host.address(), host.port(), agentTls.get());
        };
    }

    private synchronized SslContext anyone() {
        if (anyone == null) anyone = Tls.client(new Tls.Trust.Anyone(), Optional.empty());
        return anyone;
    }

    private void proxy(ResourceRequest request, Connector.Host host) throws IOException {
        var call = request.call();
        var sent = call.exchange().map(Exchange::uri).orElse(call.path());
        var path = ProxiedPath.of(sent, request.info().name(), request.info().subresource());
        if (call.exchange().filter(Exchange::wantsUpgrade).isPresent()) {
            upgrade(request, host, path.behind());
            return;
        }
        if (path.rest().isEmpty() && List.of("GET", "HEAD").contains(call.method())) {
            // What the page there refers to is found below it only from a path that ends in a slash.
            var to = path.prefix() + "/" + path.query();
            request.response()
                    .start(301, Map.of(HeaderNames.LOCATION, to, HeaderNames.CONTENT_LENGTH, "0"))
                    .close();
            return;
        }
        var passed =
                call.exchange().map(from -> headers.request(from, path.whole())).orElse(List.of());
        var body = BodyDecoder.read(call);
        var response = send(
                request,
                target(host),
                body.length == 0
                        ? HttpClient.Request.of(call.method(), path.behind(), passed)
                        : HttpClient.Request.of(call.method(), path.behind(), passed, body));
        call.onClose(response::close);
        if (response.status() == 101) {
            response.close();
            throw new ApiException(
                    ApiException.Reason.UNKNOWN,
                    "backend tried to switch protocol " + GoText.quoted(response.header(HeaderNames.UPGRADE))
                            + " when \"\" was requested");
        }
        var redirect = new Redirect(path.prefix(), host.address() + ":" + host.port(), call.header(HeaderNames.HOST));
        var answered = ForwardedHeaders.answer(response.headers(), redirect);
        if (page(response))
            answer(
                    request,
                    response,
                    ForwardedHeaders.withoutLength(answered),
                    (page, out) -> HtmlLinks.rewrite(page, out, redirect::behind));
        else answer(request, response, answered);
    }

    /// Whether an answer has links that can be read. Who asked for it packed gets it packed, and as it is.
    private static boolean page(HttpClient.Response response) {
        var type = response.header(HeaderNames.CONTENT_TYPE).split(";", 2)[0].strip();
        return type.equals("text/html")
                && response.header(HeaderNames.CONTENT_ENCODING).isEmpty();
    }

    /// Passes on the answer to another call; what a stock kubelet refuses in plain text is refused with a Status.
    private void fetch(ResourceRequest request, HttpClient.Target target, HttpClient.Request forwarded)
            throws IOException {
        var response = send(request, target, forwarded);
        request.call().onClose(response::close);
        boolean good = response.status() >= 200 && response.status() <= 206;
        var exchange = request.call().exchange();
        var socket = exchange.flatMap(BinarySocket::of);
        if (good && socket.isPresent()) {
            request.response().begin();
            try (response) {
                socket.get().send(exchange.get(), response);
            }
            return;
        }
        if (good || response.header(HeaderNames.CONTENT_TYPE).startsWith("application/json")) {
            answer(request, response, ForwardedHeaders.answer(response.headers()));
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

    /// Any protocol that both ends agree on, as with kube-apiserver: what is said in it reaches no one but the other
    /// end.
    private void upgrade(ResourceRequest request, Connector.Host host, String uri) throws IOException {
        var exchange = request.call()
                .exchange()
                .filter(Exchange::wantsUpgrade)
                .orElseThrow(() -> ApiException.badRequest("Upgrade request required"));
        // Read here, so that what the client says next is not taken for a part of it.
        var body = BodyDecoder.read(request.call());
        var passed = headers.upgrade(exchange);
        var named = host.agent() ? ForwardedHeaders.withoutHost(passed) : passed;
        var response = send(
                request,
                target(host),
                body.length == 0
                        ? HttpClient.Request.of(exchange.method(), uri, named)
                        : HttpClient.Request.of(exchange.method(), uri, named, body));
        int status = response.status();
        if (status == 101) {
            request.response().begin();
            exchange.upgrade().raw(response.headers()).splice(response.upgraded());
            return;
        }
        request.call().onClose(response::close);
        if (status < 400) {
            response.close();
            throw new ApiException(ApiException.Reason.UNKNOWN, "invalid upgrade response: status code " + status);
        }
        // The client may have begun to speak the other protocol.
        exchange.lastOfConnection();
        answer(request, response, ForwardedHeaders.answer(response.headers()));
    }

    /// Waits as long as the caller does: whoever is called may never answer.
    private HttpClient.Response send(ResourceRequest call, HttpClient.Target target, HttpClient.Request request) {
        try (var _ = Waiting.of(call.call())) {
            return client.send(target, request, Duration.ZERO);
        } catch (IOException e) {
            throw new ApiException(
                    ApiException.Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
        }
    }

    private static void answer(
            ResourceRequest request, HttpClient.Response response, List<Map.Entry<String, String>> headers)
            throws IOException {
        answer(request, response, headers, InputStream::transferTo);
    }

    /// How a body is passed on.
    private interface Passage {
        void pass(InputStream body, OutputStream out) throws IOException;
    }

    private static void answer(
            ResourceRequest request,
            HttpClient.Response response,
            List<Map.Entry<String, String>> headers,
            Passage passage)
            throws IOException {
        // Whoever follows a log may stop reading for long.
        request.call().exchange().ifPresent(each -> each.patience(Duration.ZERO));
        try (response) {
            var out = request.response().start(response.status(), headers);
            passage.pass(response.body(), out);
            // Only a whole answer has an end: one that broke off must not look like a shorter one.
            out.close();
        }
    }
}
