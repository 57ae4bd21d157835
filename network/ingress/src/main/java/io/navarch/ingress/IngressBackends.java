package io.navarch.ingress;

import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.http.ConnectFailedException;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.Addresses;
import io.navarch.process.Slots;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes requests on to the endpoints of Services, and their answers back. Endpoints are looked up for every request,
/// so no connection is dropped when they change; what an answer says of an error is no more than a client may know.
final class IngressBackends {
    private static final Logger LOG = LoggerFactory.getLogger(IngressBackends.class);
    private static final String BY_SERVICE = "service";

    /// Requests that are passed on at a time, and to one endpoint: one that hangs does not take the others along.
    private static final int REQUESTS = 8192;

    private static final int REQUESTS_OF_ONE = 1024;

    /// How long an endpoint may take until it begins to answer, as ingress-nginx has it.
    private static final Duration ANSWER = Duration.ofSeconds(60);

    /// The same when a body has to be read first.
    private static final Duration ANSWER_TO_BODY = Duration.ofMinutes(10);

    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;
    private final HttpClient http;
    private final Slots<HttpClient.Target> slots = new Slots<>(REQUESTS, REQUESTS_OF_ONE);
    private final AtomicInteger turn = new AtomicInteger();

    IngressBackends(Informers caches, HttpClient http) {
        services = caches.of(Resources.SERVICES);
        slices = caches.of(Resources.ENDPOINT_SLICES).indexedBy(BY_SERVICE, EndpointSlices::serviceKeys);
        this.http = http;
    }

    List<HttpClient.Target> endpoints(RoutingTable.Route route) {
        var result = new ArrayList<HttpClient.Target>();
        for (var port : services.get(route.service()).spec().ports()) {
            boolean wanted = route.portName().isEmpty()
                    ? port.port() == route.portNumber()
                    : port.name().equals(route.portName());
            if (!wanted) continue;
            for (var slice : slices.byIndex(BY_SERVICE, route.service().toString())) add(slice, port.name(), result);
        }
        return result;
    }

    private static void add(EndpointSlice slice, String portName, List<HttpClient.Target> targets) {
        int number = slice.ports().stream()
                .filter(port -> port.name().equals(portName))
                .findFirst()
                .map(DiscoveryEndpointPort::port)
                .orElse(0);
        if (number == 0) return;
        for (var endpoint : slice.endpoints())
            if (EndpointSlices.ready(endpoint))
                targets.add(HttpClient.Target.plain(EndpointSlices.address(endpoint), number));
    }

    /// Tries one endpoint after the other until one answers. Whoever writes a slice says whom this calls, from this
    /// machine: names are looked up for nobody, and what only the machine itself may call is called for nobody.
    void forward(
            Exchange exchange,
            List<HttpClient.Target> endpoints,
            String uri,
            List<Map.Entry<String, String>> headers,
            boolean webSocket)
            throws IOException {
        boolean body = PassedHeaders.body(exchange.headers());
        // A request without a body can be sent again; one with a body only goes out once.
        boolean repeatable =
                !body && List.of("GET", "HEAD", "OPTIONS", "DELETE").contains(exchange.method());
        int first = turn.getAndIncrement();
        Optional<IOException> failure = Optional.empty();
        for (int i = 0; i < endpoints.size(); i++) {
            var target = endpoints.get(Math.floorMod(first + i, endpoints.size()));
            if (!Addresses.globalUnicast(target.host())) continue;
            var slot = slots.take(target);
            if (slot.isEmpty()) continue;
            try (var held = slot.get()) {
                var request = body
                        ? HttpClient.Request.streamed(exchange.method(), uri, headers, exchange.body())
                        : HttpClient.Request.of(exchange.method(), uri, headers);
                pass(exchange, http.send(target, request, body ? ANSWER_TO_BODY : ANSWER), webSocket);
                return;
            } catch (IOException e) {
                if (exchange.started()) throw e;
                failure = Optional.of(e);
                boolean again = repeatable || e instanceof ConnectFailedException;
                if (!again || e.getCause() instanceof TimeoutException) break;
            }
        }
        if (failure.isEmpty()) {
            Refusal.send(exchange, 503, "service unavailable");
            return;
        }
        LOG.debug("{}", failure.get().getMessage());
        boolean late = failure.get().getCause() instanceof TimeoutException;
        Refusal.send(exchange, late ? 504 : 502, late ? "gateway timeout" : "bad gateway");
    }

    private static void pass(Exchange exchange, HttpClient.Response response, boolean webSocket) throws IOException {
        if (response.status() == 101) {
            // Whoever could make this a connection of another protocol could speak past the routes on it.
            if (!webSocket || !response.header(HeaderNames.UPGRADE).equalsIgnoreCase("websocket")) {
                response.upgraded().close().run();
                throw new IOException("switched protocols without being asked");
            }
            // A WebSocket may be silent for long.
            exchange.patience(Duration.ZERO);
            exchange.upgrade().raw(response.headers()).splice(response.upgraded());
            return;
        }
        try (response) {
            var out = exchange.start(response.status(), PassedHeaders.response(response.headers()));
            response.body().transferTo(out);
            // Only a whole answer has an end: one that broke off must not look like a shorter one.
            out.close();
        }
    }
}
