package io.navarch.ingress;

import io.navarch.client.Client;
import io.navarch.client.Informers;
import io.navarch.http.ConnectFailedException;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves ports 80 and 443: finds the route, picks a ready endpoint, passes the request on. Routes and endpoints change
/// under way without a connection being dropped, since each request looks them up.
public final class IngressProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressProxy.class);
    private static final String CONTROLLER = "navarch.io/ingress";
    private static final Set<String> HOP_HEADERS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length");

    private final Informers caches;
    private final Client client;
    private final HttpClient http;
    private final String nodeAddress;
    private final SslContext fallback;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, SslContext> contexts = new ConcurrentHashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile RoutingTable table = RoutingTable.of(List.of(), Set.of(), false);

    /// @param fallback the certificate for hosts that have none
    public IngressProxy(Informers caches, Client client, HttpClient http, String nodeAddress, SslContext fallback) {
        this.caches = caches;
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
        caches.of(Resources.SERVICES.untyped());
        caches.of(Resources.ENDPOINT_SLICES.untyped());
        caches.of(Resources.INGRESS_CLASSES.untyped()).onChange((old, now) -> rebuild());
        caches.of(Resources.INGRESSES.untyped()).onChange((old, now) -> rebuild());
        scope.every("ingress-status", 1000, this::report);
        // A renewed certificate is picked up without anybody telling.
        scope.every("ingress-certificates", 30_000, contexts::clear);
    }

    private Set<String> classes() {
        var names = new TreeSet<String>();
        for (var each : caches.of(Resources.INGRESS_CLASSES.untyped()).all())
            if (each.spec().get("controller").string().equals(CONTROLLER)) names.add(each.name());
        return names;
    }

    private boolean isDefault() {
        return caches.of(Resources.INGRESS_CLASSES.untyped()).all().stream()
                .anyMatch(each -> each.spec().get("controller").string().equals(CONTROLLER)
                        && each.annotation("ingressclass.kubernetes.io/is-default-class")
                                .equals("true"));
    }

    /// One at a time: of two that read at once, the one that knew less could be the last to write.
    private synchronized void rebuild() {
        table = RoutingTable.of(caches.of(Resources.INGRESSES.untyped()).all(), classes(), isDefault());
        contexts.clear();
    }

    private void report() {
        for (var ingress : caches.of(Resources.INGRESSES.untyped()).all()) {
            if (!RoutingTable.ours(ingress, classes(), isDefault())) continue;
            if (ingress.status()
                    .get("loadBalancer", "ingress")
                    .at(0)
                    .get("ip")
                    .string()
                    .equals(nodeAddress)) continue;
            try {
                client.mergePatch(
                        Resources.INGRESSES.untyped(),
                        ingress.key(),
                        "status",
                        Trees.map(
                                "status",
                                Trees.map(
                                        "loadBalancer", Trees.map("ingress", List.of(Trees.map("ip", nodeAddress))))));
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.NOT_FOUND) LOG.warn("{}: {}", ingress.key(), e.getMessage());
            }
        }
    }

    private SslContext certificate(String host) {
        return contexts.computeIfAbsent(host, name -> {
            for (var certificate : table.certificates()) {
                boolean wildcard = certificate.host().startsWith("*.")
                        && name.indexOf('.') > 0
                        && name.substring(name.indexOf('.'))
                                .equals(certificate.host().substring(1));
                if (!certificate.host().equals(name) && !certificate.host().isEmpty() && !wildcard) continue;
                var context = load(certificate.secret());
                if (context != null) return context;
            }
            return fallback;
        });
    }

    private SslContext load(ObjectKey key) {
        try {
            var data = client.get(Resources.SECRETS.untyped(), key).get("data");
            var decoder = Base64.getDecoder();
            return Tls.server(
                    new String(decoder.decode(data.get("tls.crt").string()), StandardCharsets.US_ASCII),
                    new String(decoder.decode(data.get("tls.key").string()), StandardCharsets.US_ASCII));
        } catch (ApiException | IllegalArgumentException e) {
            LOG.warn("certificate {}: {}", key, e.getMessage());
            return null;
        }
    }

    private void handle(Exchange exchange, String scheme) throws IOException {
        var host = exchange.header("Host").replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        var route = table.find(host, exchange.path());
        if (route == null) {
            text(exchange, 404, "default backend - 404");
            return;
        }
        var endpoints = endpoints(route);
        if (endpoints.isEmpty()) {
            text(exchange, 503, "no endpoints available for service \"" + route.service() + "\"");
            return;
        }
        var headers = headers(exchange, host, scheme);
        // A request without a body can be sent again; one with a body only goes out once.
        boolean bodyless = List.of("GET", "HEAD", "OPTIONS", "DELETE").contains(exchange.method())
                && exchange.header("Transfer-Encoding").isEmpty()
                && List.of("", "0").contains(exchange.header("Content-Length"));
        int first = turn.getAndIncrement();
        IOException failure = null;
        for (int i = 0; i < endpoints.size(); i++) {
            var target = endpoints.get(Math.floorMod(first + i, endpoints.size()));
            try {
                var request = bodyless
                        ? HttpClient.Request.of(exchange.method(), exchange.uri(), headers)
                        : HttpClient.Request.streamed(exchange.method(), exchange.uri(), headers, exchange.body());
                pass(exchange, http.send(target, request, Duration.ZERO));
                return;
            } catch (IOException e) {
                failure = e;
                if (exchange.started() || !bodyless && !(e instanceof ConnectFailedException)) break;
            }
        }
        if (exchange.started()) throw failure;
        text(exchange, 502, "bad gateway: " + failure.getMessage());
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
        result.add(Map.entry("X-Forwarded-For", forwarded));
        result.add(Map.entry("X-Forwarded-Host", host));
        result.add(Map.entry("X-Forwarded-Proto", scheme));
        return result;
    }

    private List<HttpClient.Target> endpoints(RoutingTable.Route route) {
        var service = caches.of(Resources.SERVICES.untyped()).get(route.service());
        var result = new ArrayList<HttpClient.Target>();
        for (var port : service.spec().get("ports").views()) {
            boolean wanted = route.portName().isEmpty()
                    ? port.get("port").longOr(0) == route.portNumber()
                    : port.get("name").string().equals(route.portName());
            if (!wanted) continue;
            for (var slice : caches.of(Resources.ENDPOINT_SLICES.untyped())
                    .inNamespace(route.service().namespace())) {
                if (!slice.labels()
                        .getOrDefault("kubernetes.io/service-name", "")
                        .equals(route.service().name())) continue;
                int number = slice.get("ports")
                        .find("name", port.get("name").string())
                        .get("port")
                        .intOr(0);
                for (var endpoint : slice.get("endpoints").views()) {
                    if (endpoint.get("conditions", "ready").boolOr(true) && number > 0)
                        result.add(HttpClient.Target.plain(
                                endpoint.get("addresses").at(0).string(), number));
                }
            }
        }
        return result;
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
