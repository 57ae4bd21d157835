package io.navarch.ingress;

import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.http.ConnectFailedException;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.kinds.endpointslice.EndpointSlices;
import io.navarch.kinds.ingressclass.IngressClasses;
import io.navarch.kinds.secret.SecretTypes;
import io.navarch.model.DiscoveryEndpointPort;
import io.navarch.model.EndpointSlice;
import io.navarch.model.Ingress;
import io.navarch.model.IngressClass;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.model.Service;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves ports 80 and 443: finds the route, picks a ready endpoint, passes the request on. Every request looks routes
/// and endpoints up anew, so no connection is dropped when they change.
public final class IngressProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressProxy.class);
    private static final String CONTROLLER = "navarch.io/ingress";
    private static final String BY_SERVICE = "service";
    private static final Set<String> HOP_HEADERS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length");

    private final Informer<Service> services;
    private final Informer<EndpointSlice> slices;
    private final Informer<IngressClass> classes;
    private final Informer<Ingress> ingresses;
    private final Client client;
    private final HttpClient http;
    private final String nodeAddress;
    private final Supplier<SslContext> fallback;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, SslContext> contexts = new ConcurrentHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile RoutingTable table = RoutingTable.of(List.of(), Set.of(), false);

    /// @param fallback the certificate for hosts that have none
    public IngressProxy(
            Informers caches, Client client, HttpClient http, String nodeAddress, Supplier<SslContext> fallback) {
        services = caches.of(Resources.SERVICES);
        slices = caches.of(Resources.ENDPOINT_SLICES).indexedBy(BY_SERVICE, EndpointSlices::serviceKeys);
        classes = caches.of(Resources.INGRESS_CLASSES);
        ingresses = caches.of(Resources.INGRESSES);
        this.client = client;
        this.http = http;
        this.nodeAddress = nodeAddress;
        this.fallback = fallback;
    }

    /// Listens, and follows what there is to route. Call before the caches start.
    public void start(EventLoops loops, TaskScope scope, int port, int tlsPort) throws IOException {
        servers.add(
                HttpServer.plain(loops, new InetSocketAddress("0.0.0.0", port), exchange -> handle(exchange, "http")));
        servers.add(HttpServer.secure(
                loops,
                new InetSocketAddress("0.0.0.0", tlsPort),
                this::certificate,
                exchange -> handle(exchange, "https")));
        classes.onChange((old, now) -> rebuild());
        ingresses.onChange((old, now) -> rebuild());
        scope.every("ingress-status", 1000, this::report);
        // Secrets are not followed: this is how a renewed certificate is noticed.
        scope.every("ingress-certificates", 30_000, contexts::clear);
    }

    /// Where it listens: without TLS, then with it.
    public List<Integer> ports() {
        return servers.stream().map(HttpServer::port).toList();
    }

    /// The classes that are served here.
    private List<IngressClass> classes() {
        return classes.all().stream()
                .filter(each -> each.spec().controller().equals(CONTROLLER))
                .toList();
    }

    private static Set<String> names(List<IngressClass> classes) {
        return classes.stream().map(IngressClass::name).collect(Collectors.toSet());
    }

    private static boolean withDefault(List<IngressClass> classes) {
        return classes.stream().anyMatch(IngressClasses::isDefault);
    }

    /// One at a time: of two threads that read, the one that saw the older state could be the last to write.
    private synchronized void rebuild() {
        var ours = classes();
        table = RoutingTable.of(ingresses.all(), names(ours), withDefault(ours));
        contexts.clear();
    }

    /// Writes the node's address into the status of the ingresses that are served here.
    private void report() {
        var ours = classes();
        for (var ingress : ingresses.all()) {
            if (!RoutingTable.ours(ingress, names(ours), withDefault(ours))) continue;
            var reported = ingress.status().loadBalancer().ingress();
            if (!reported.isEmpty() && reported.getFirst().ip().equals(nodeAddress)) continue;
            var status = Ingress.builder()
                    .status(each -> each.loadBalancer(balancer -> balancer.addIngress(entry -> entry.ip(nodeAddress))));
            try {
                client.mergePatch(Resources.INGRESSES, ingress.key(), "status", status.map());
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.NOT_FOUND) LOG.warn("{}: {}", ingress.key(), e.getMessage());
            }
        }
    }

    private SslContext certificate(String host) {
        return contexts.computeIfAbsent(host, name -> {
            for (var certificate : table.certificates()) {
                if (!certificate.covers(name)) continue;
                var context = load(certificate.secret());
                if (context.isPresent()) return context.get();
            }
            return fallback.get();
        });
    }

    private Optional<SslContext> load(ObjectKey key) {
        try {
            var secret = client.get(Resources.SECRETS, key);
            return Optional.of(
                    Tls.server(text(secret, SecretTypes.TLS_CERTIFICATE), text(secret, SecretTypes.TLS_KEY)));
        } catch (ApiException | IllegalArgumentException e) {
            LOG.warn("certificate {}: {}", key, e.getMessage());
            return Optional.empty();
        }
    }

    private static String text(Secret secret, String key) {
        return new String(secret.data().getOrDefault(key, new byte[0]), StandardCharsets.US_ASCII);
    }

    private void handle(Exchange exchange, String scheme) throws IOException {
        var host = exchange.header(HeaderNames.HOST).replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        var found = table.find(host, exchange.path());
        if (found.isEmpty()) {
            text(exchange, 404, "default backend - 404");
            return;
        }
        var route = found.get();
        var endpoints = endpoints(route);
        if (endpoints.isEmpty()) text(exchange, 503, "no endpoints available for service \"" + route.service() + "\"");
        else forward(exchange, endpoints, headers(exchange, host, scheme));
    }

    /// Tries one endpoint after the other until one answers.
    private void forward(Exchange exchange, List<HttpClient.Target> endpoints, List<Map.Entry<String, String>> headers)
            throws IOException {
        // A request without a body can be sent again; one with a body only goes out once.
        boolean bodyless = List.of("GET", "HEAD", "OPTIONS", "DELETE").contains(exchange.method())
                && exchange.header(HeaderNames.TRANSFER_ENCODING).isEmpty()
                && List.of("", "0").contains(exchange.header(HeaderNames.CONTENT_LENGTH));
        int first = turn.getAndIncrement();
        for (int i = 0; ; i++) {
            var target = endpoints.get(Math.floorMod(first + i, endpoints.size()));
            try {
                var request = bodyless
                        ? HttpClient.Request.of(exchange.method(), exchange.uri(), headers)
                        : HttpClient.Request.streamed(exchange.method(), exchange.uri(), headers, exchange.body());
                pass(exchange, http.send(target, request, Duration.ZERO));
                return;
            } catch (IOException e) {
                if (exchange.started()) throw e;
                boolean again = bodyless || e instanceof ConnectFailedException;
                if (again && i + 1 < endpoints.size()) continue;
                text(exchange, 502, "bad gateway: " + e.getMessage());
                return;
            }
        }
    }

    private static void text(Exchange exchange, int status, String text) throws IOException {
        exchange.respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Map.Entry<String, String>> headers(Exchange exchange, String host, String scheme) {
        var result = new ArrayList<Map.Entry<String, String>>();
        var forwarded = exchange.remote().getAddress() == null
                ? ""
                : exchange.remote().getAddress().getHostAddress();
        for (var header : exchange.headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("x-forwarded-for")) forwarded = header.getValue() + ", " + forwarded;
            boolean drop = HOP_HEADERS.contains(name) && !exchange.wantsUpgrade()
                    || name.startsWith("x-forwarded-")
                    || name.startsWith(":")
                    || name.startsWith("x-http2-");
            if (!drop) result.add(header);
        }
        result.add(Map.entry(HeaderNames.X_FORWARDED_FOR, forwarded));
        result.add(Map.entry(HeaderNames.X_FORWARDED_HOST, host));
        result.add(Map.entry(HeaderNames.X_FORWARDED_PROTO, scheme));
        return result;
    }

    private List<HttpClient.Target> endpoints(RoutingTable.Route route) {
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

    private static void pass(Exchange exchange, HttpClient.Response response) throws IOException {
        if (response.status() == 101) {
            exchange.upgrade().raw(response.headers()).splice(response.upgraded());
            return;
        }
        try (response) {
            var headers = new LinkedHashMap<String, String>();
            for (var header : response.headers()) {
                var name = header.getKey().toLowerCase(Locale.ROOT);
                if (!HOP_HEADERS.contains(name) || name.equals("content-length"))
                    headers.merge(header.getKey(), header.getValue(), (one, other) -> one + ", " + other);
            }
            try (var out = exchange.start(response.status(), headers)) {
                response.body().transferTo(out);
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
