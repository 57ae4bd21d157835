package io.navarch.ingress;

import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.http.ServerLimits;
import io.navarch.kinds.ingressclass.IngressClasses;
import io.navarch.model.Ingress;
import io.navarch.model.IngressClass;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves ports 80 and 443: finds the route, picks a ready endpoint, passes the request on. A request that could be
/// read in two ways is refused, since it would be routed by one and answered by the other.
public final class IngressProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngressProxy.class);
    private static final String CONTROLLER = "navarch.io/ingress";

    /// For both ports; a client that has one is cut off when it does nothing with it.
    private static final int CONNECTIONS = 16_384;

    /// How long a client may take for the next part of what it sends or is sent.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Metric CONNECTIONS_NOW =
            Metric.gauge("navarch_ingress_connections", "Open connections of clients.");

    private final IngressMetrics metrics;
    private final Informer<IngressClass> classes;
    private final Informer<Ingress> ingresses;
    private final Client client;
    private final String nodeAddress;
    private final IngressBackends backends;
    private final IngressCertificates certificates;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    /// Guarded by the lock.
    private RoutingTable table = new RoutingTable(Set.of(), false);
    /// Ingresses whose status may have to be written.
    private final Set<ObjectKey> unreported = ConcurrentHashMap.newKeySet();

    /// @param fallback the certificate for hosts that have none
    public IngressProxy(
            Informers caches,
            Client client,
            HttpClient http,
            String nodeAddress,
            Supplier<SslContext> fallback,
            Metrics metrics) {
        this.metrics = new IngressMetrics(metrics);
        metrics.registerGauges(() -> List.of(CONNECTIONS_NOW.of(
                servers.stream().mapToInt(HttpServer::connections).sum())));
        backends = new IngressBackends(caches, http);
        certificates = new IngressCertificates(client, this::certificates, fallback);
        classes = caches.of(Resources.INGRESS_CLASSES);
        ingresses = caches.of(Resources.INGRESSES);
        this.client = client;
        this.nodeAddress = nodeAddress;
    }

    /// Listens, and follows what there is to route. Call before the caches start.
    public void start(EventLoops loops, TaskScope scope, ServerLimits room, int port, int tlsPort) throws IOException {
        var limits = room.withConnections(CONNECTIONS);
        servers.add(HttpServer.plain(
                loops, new InetSocketAddress("0.0.0.0", port), limits, exchange -> handle(exchange, "http", port)));
        servers.add(HttpServer.secure(
                loops,
                new InetSocketAddress("0.0.0.0", tlsPort),
                certificates::forHost,
                limits,
                exchange -> handle(exchange, "https", tlsPort)));
        classes.onChange((old, now) -> rebuild());
        ingresses.onChange((old, now) -> changed(now.exists() ? now.key() : old.key()));
        scope.every("ingress-status", 1000, this::report);
        scope.every("ingress-certificates", 30_000, certificates::refresh);
    }

    /// Whether it is known what there is to route.
    public boolean synced() {
        return classes.synced() && ingresses.synced();
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

    /// Which classes are served here changes seldom: then all Ingresses are looked at.
    private void rebuild() {
        var ours = classes();
        lock.writeLock().lock();
        try {
            if (table.serves(names(ours), withDefault(ours))) return;
            table = new RoutingTable(names(ours), withDefault(ours));
            for (var ingress : ingresses.all()) {
                var ignored = put(ingress.key());
            }
        } finally {
            lock.writeLock().unlock();
        }
        certificates.changed(this::names);
    }

    private void changed(ObjectKey key) {
        Set<ObjectKey> secrets;
        lock.writeLock().lock();
        try {
            secrets = put(key);
        } finally {
            lock.writeLock().unlock();
        }
        // Not under the lock: a Secret may just be read, and no request waits for that.
        certificates.changed(secrets, this::names);
    }

    /// The newest is read under the lock: of two threads, the one that saw the older state could be the last to write.
    private Set<ObjectKey> put(ObjectKey key) {
        var now = ingresses.get(key);
        if (table.serves(now) && !reported(now)) unreported.add(key);
        return table.put(key, now);
    }

    private boolean names(ObjectKey secret) {
        lock.readLock().lock();
        try {
            return table.names(secret);
        } finally {
            lock.readLock().unlock();
        }
    }

    private List<RoutingTable.Certificate> certificates(String host) {
        lock.readLock().lock();
        try {
            return table.certificates(host);
        } finally {
            lock.readLock().unlock();
        }
    }

    private boolean reported(Ingress ingress) {
        var said = ingress.status().loadBalancer().ingress();
        return !said.isEmpty() && said.getFirst().ip().equals(nodeAddress);
    }

    /// Writes the node's address into the status of the ingresses that are served here.
    private void report() {
        for (var key : List.copyOf(unreported)) {
            unreported.remove(key);
            var ingress = ingresses.get(key);
            if (!serves(ingress) || reported(ingress)) continue;
            var status = Ingress.builder()
                    .status(each -> each.loadBalancer(balancer -> balancer.addIngress(entry -> entry.ip(nodeAddress))));
            try {
                client.mergePatch(Resources.INGRESSES, key, "status", status.map());
            } catch (ApiException e) {
                if (e.reason() == ApiException.Reason.NOT_FOUND) continue;
                LOG.warn("{}: {}", key, e.getMessage());
                unreported.add(key);
            }
        }
    }

    private boolean serves(Ingress ingress) {
        lock.readLock().lock();
        try {
            return table.serves(ingress);
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Where a request goes, by each of the two ways in which its path may be read.
    private record Found(Optional<RoutingTable.Route> strict, Optional<RoutingTable.Route> loose) {}

    private Found find(String host, RequestTarget target) {
        lock.readLock().lock();
        try {
            return new Found(table.find(host, target.path()), table.find(host, target.loose()));
        } finally {
            lock.readLock().unlock();
        }
    }

    private void handle(Exchange exchange, String scheme, int port) throws IOException {
        long began = System.nanoTime();
        try {
            route(exchange, scheme, port);
        } finally {
            metrics.answered(exchange.method(), exchange.status(), System.nanoTime() - began);
        }
    }

    private void route(Exchange exchange, String scheme, int port) throws IOException {
        exchange.patience(PATIENCE);
        // Nobody waits for the answer any more.
        exchange.onClose(Thread.currentThread()::interrupt);
        var host = RequestHost.of(exchange.headers());
        var target = RequestTarget.of(exchange.uri());
        if (host.isEmpty() || target.isEmpty()) {
            Refusal.send(exchange, 400, "bad request");
            return;
        }
        if (host.get().misdirected(exchange.serverName())) {
            Refusal.send(exchange, 421, "misdirected request");
            return;
        }
        var read = find(host.get().name(), target.get());
        var found = read.strict;
        if (!found.equals(read.loose)) {
            Refusal.send(exchange, 400, "bad request");
            return;
        }
        if (found.isEmpty()) {
            Refusal.send(exchange, 404, "default backend - 404");
            return;
        }
        var endpoints = backends.endpoints(found.get());
        if (endpoints.isEmpty()) {
            Refusal.send(exchange, 503, "service unavailable");
            return;
        }
        var address = exchange.remote().getAddress();
        var origin = new PassedHeaders.Origin(
                host.get(), scheme, address == null ? "unknown" : address.getHostAddress(), port);
        boolean webSocket = exchange.wantsUpgrade() && PassedHeaders.webSocket(exchange.method(), exchange.headers());
        var headers =
                PassedHeaders.request(exchange.headers(), origin, webSocket, PassedHeaders.body(exchange.headers()));
        backends.forward(exchange, endpoints, target.get().uri(), headers, webSocket);
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
