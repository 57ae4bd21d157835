package io.navarch.aggregation;

import io.navarch.aggregation.status.EndpointChoice.UnresolvedException;
import io.navarch.apiserver.proxy.ForwardedHeaders;
import io.navarch.apiserver.proxy.Waiting;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.BodyDecoder;
import io.navarch.apiserver.request.Call;
import io.navarch.client.LineEvents;
import io.navarch.http.BodyTooSlowException;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.schema.admission.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Carries a call on to another server, and its answer back as it comes. Upgraded connections are spliced byte for
/// byte.
final class Relay {
    /// As long as any other call may take.
    private static final Duration CALL = Duration.ofSeconds(60);

    /// Clients ask every server what it serves before they do anything else.
    private static final Duration DISCOVERY = Duration.ofSeconds(5);

    /// What a component of this process reads at a time of what others say.
    private static final int LARGEST = 64 << 20;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpClient client;
    private final ForwardedHeaders headers;
    /// What lasts, so that it can be ended.
    private final Set<HttpClient.Response> lasting = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /// @param identity whether a header may say who calls
    Relay(HttpClient client, Predicate<String> identity) {
        this.client = client;
        headers = new ForwardedHeaders(identity);
    }

    /// From now on an answer is ended with the server, also if that has begun to stop just now.
    private void lasts(HttpClient.Response response) {
        lasting.add(response);
        if (draining) response.close();
    }

    /// Ends what would go on by itself.
    void drain() {
        draining = true;
        lasting.forEach(HttpClient.Response::close);
    }

    /// @param secured whom to call
    /// @param uri what to ask of them
    void serve(ApiRequest request, boolean available, Backends.Secured secured, String uri) throws IOException {
        if (!available) {
            refuse(request, 503, "service unavailable");
            return;
        }
        HttpClient.Target target;
        List<Map.Entry<String, String>> caller;
        try {
            target = secured.target();
            caller = CallerHeaders.of(request.user());
        } catch (UnresolvedException e) {
            refuse(request, 503, "service unavailable");
            return;
        } catch (IllegalArgumentException e) {
            refuse(request, 500, String.valueOf(e.getMessage()));
            return;
        }
        var upgrading = request.call().exchange().filter(Exchange::wantsUpgrade);
        try {
            if (upgrading.isPresent()) upgrade(request, upgrading.get(), target, uri, caller);
            else pass(request, target, uri, caller);
        } catch (UnreachableException e) {
            refuse(request, 503, String.valueOf(e.getMessage()));
        }
    }

    /// Nobody answers.
    private static final class UnreachableException extends IOException {
        UnreachableException(IOException cause) {
            super("error trying to reach service: " + cause.getMessage(), cause);
        }
    }

    /// As the original says it: no `Status`, a line of text.
    private static void refuse(ApiRequest request, int code, String text) throws IOException {
        var headers = request.response().headers(TEXT);
        headers.put("X-Content-Type-Options", "nosniff");
        request.response().send(code, headers, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Duration limit(ApiRequest request) {
        if (request.info().longRunning()) return Duration.ZERO;
        return request.info().resourceRequest() ? CALL : DISCOVERY;
    }

    private void pass(ApiRequest request, HttpClient.Target target, String uri, List<Map.Entry<String, String>> caller)
            throws IOException {
        var call = request.call();
        var body = BodyDecoder.read(request);
        var sent = with(ForwardedHeaders.withoutHost(sent(call)), caller);
        var response = send(
                request,
                target,
                body.length == 0
                        ? HttpClient.Request.of(call.method(), uri, sent)
                        : HttpClient.Request.of(call.method(), uri, sent, body));
        call.onClose(response::close);
        int status = response.status();
        boolean elsewhere = status >= 300
                && status <= 399
                && !response.header(HeaderNames.LOCATION).isEmpty();
        if (elsewhere || status == 101) response.close();
        if (elsewhere) refuse(request, 502, "the backend attempted to redirect this request, which is not permitted");
        else if (status == 101)
            refuse(
                    request,
                    503,
                    "backend tried to switch protocol " + GoText.quoted(response.header(HeaderNames.UPGRADE))
                            + " when \"\" was requested");
        else answer(request, response);
    }

    private List<Map.Entry<String, String>> sent(Call call) {
        var exchange = call.exchange();
        if (exchange.isPresent()) return headers.request(exchange.get(), call.path());
        var own = new ArrayList<Map.Entry<String, String>>();
        for (var name : List.of(HeaderNames.CONTENT_TYPE, HeaderNames.USER_AGENT))
            if (!call.header(name).isEmpty()) own.add(Map.entry(name, call.header(name)));
        own.add(Map.entry(HeaderNames.ACCEPT, "application/json"));
        return own;
    }

    private static List<Map.Entry<String, String>> with(
            List<Map.Entry<String, String>> some, List<Map.Entry<String, String>> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private void upgrade(
            ApiRequest request,
            Exchange exchange,
            HttpClient.Target target,
            String uri,
            List<Map.Entry<String, String>> caller)
            throws IOException {
        // Read here, so that what the client says next is not taken for a part of it.
        var body = BodyDecoder.read(request);
        var sent = with(ForwardedHeaders.withoutHost(headers.upgrade(exchange)), caller);
        var response = send(
                request,
                target,
                body.length == 0
                        ? HttpClient.Request.of(exchange.method(), uri, sent)
                        : HttpClient.Request.of(exchange.method(), uri, sent, body));
        if (response.status() == 101) {
            request.response().begin();
            request.response().seat().leave();
            lasts(response);
            try {
                exchange.upgrade().raw(response.headers()).splice(response.upgraded());
            } finally {
                lasting.remove(response);
            }
            return;
        }
        request.call().onClose(response::close);
        // The client may have begun to speak the other protocol.
        exchange.lastOfConnection();
        answer(request, response);
    }

    private HttpClient.Response send(ApiRequest request, HttpClient.Target target, HttpClient.Request sent)
            throws IOException {
        var limit = limit(request);
        // Nobody knows when it begins to answer, and others may need the seat.
        if (limit.isZero()) request.response().seat().leave();
        try (var _ = Waiting.of(request.call())) {
            var response = client.send(target, sent, limit);
            if (!limit.isZero()) response.within(limit);
            return response;
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException && limit.equals(CALL)) throw ApiException.late();
            throw new UnreachableException(
                    e.getCause() instanceof TimeoutException ? new IOException("context deadline exceeded") : e);
        }
    }

    private void answer(ApiRequest request, HttpClient.Response response) throws IOException {
        boolean lasts = request.info().longRunning();
        var passed = ForwardedHeaders.ownAnswer(response.headers());
        try (response) {
            if (response.status() == 204 || response.status() == 304) {
                var headers = new LinkedHashMap<String, String>();
                passed.forEach(header -> headers.put(header.getKey(), header.getValue()));
                request.response().send(response.status(), headers, new byte[0]);
                return;
            }
            var out = request.response().start(response.status(), passed);
            if (lasts) last(request, response, out);
            else if (request.call().exchange().isPresent()) response.body().transferTo(out);
            else copy(response.body(), out);
            // Only a whole answer has an end: one that broke off must not look like a shorter one.
            out.close();
        } catch (BodyTooSlowException e) {
            throw new IOException("the answer came too slowly", e);
        }
    }

    /// The caller may stop reading for long, and the other side may have nothing to say.
    private void last(ApiRequest request, HttpClient.Response response, OutputStream out) throws IOException {
        request.call().exchange().ifPresent(exchange -> exchange.patience(Duration.ZERO));
        lasts(response);
        try {
            boolean own = request.call().exchange().isEmpty();
            boolean events = own && request.info().is(Verb.WATCH) && response.status() < 300;
            if (events) events(request.call(), response, out);
            else response.body().transferTo(out);
        } catch (IOException e) {
            // What the server ends itself has a regular end, so that clients go on elsewhere.
            if (!draining) throw e;
        } finally {
            lasting.remove(response);
        }
    }

    /// Components of this process take events one by one.
    private static void events(Call call, HttpClient.Response response, OutputStream out) throws IOException {
        try (var events = new LineEvents(response.body(), response::close)) {
            for (var next = events.next(); next.isPresent(); next = events.next())
                call.writeEvent(out, next.get().type(), next.get().object());
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[32 << 10];
        long copied = 0;
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            copied += count;
            if (copied > LARGEST) throw new IOException("the answer has more than " + LARGEST + " bytes");
            to.write(buffer, 0, count);
        }
    }

    /// Asks another server something on behalf of this one.
    ///
    /// @param within how long the whole answer may take
    Answer ask(Backends.Secured secured, String uri, List<Map.Entry<String, String>> sent, Duration within, int largest)
            throws IOException, UnresolvedException {
        return ask(secured.target(), uri, sent, within, largest);
    }

    Answer ask(HttpClient.Target target, String uri, List<Map.Entry<String, String>> sent, Duration within, int largest)
            throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        try (var response = client.send(target, HttpClient.Request.of("GET", uri, sent), within)) {
            response.within(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
            var bytes = response.body().readNBytes(largest + 1);
            if (bytes.length > largest) throw new IOException("the answer has more than " + largest + " bytes");
            return new Answer(
                    response.status(),
                    response.header(HeaderNames.CONTENT_TYPE),
                    response.header(HeaderNames.ETAG),
                    bytes);
        }
    }

    /// @param tag by which it can be asked for again if it has changed
    record Answer(int status, String type, String tag, byte[] body) {
        Optional<byte[]> good() {
            return status == 200 ? Optional.of(body) : Optional.empty();
        }
    }
}
