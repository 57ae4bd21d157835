package io.navarch.specs;

import io.navarch.apps.Host;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.ServerLimits;
import io.navarch.http.Tls;
import io.navarch.ingress.IngressProxy;
import io.navarch.model.Resources;
import io.navarch.pki.Pki;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/// The ingress proxy beside a plane, on free ports, for one test; and the objects that routes are made of.
final class IngressUnderTest implements AutoCloseable {
    /// Endpoints must not be loopback addresses.
    static final Host HOST = Host.local();

    final EventLoops loops = new EventLoops(1);
    final HttpClient http = new HttpClient(loops, Duration.ofSeconds(2));
    final Metrics metrics = new Metrics();
    final Pki pki;
    private final PlaneUnderTest plane;
    private final TaskScope scope = new TaskScope();
    private final IngressProxy proxy;

    /// @param directory for an authority of its own
    IngressUnderTest(PlaneUnderTest plane, Path directory) throws IOException {
        this.plane = plane;
        pki = new Pki(directory, InstantSource.system());
        var fallback = pki.server("fallback", "fallback", List.of("fallback"));
        var caches = new Informers(plane.client);
        var tls = Tls.server(fallback.certificate(), fallback.key());
        proxy = new IngressProxy(caches, plane.client, http, "192.0.2.7", () -> tls, metrics);
        proxy.start(loops, scope, ServerLimits.USUAL, 0, 0);
        caches.start(scope);
    }

    /// Where it listens without TLS.
    int port() {
        return proxy.ports().getFirst();
    }

    /// A connection to where it listens with TLS, that asks for a host in the handshake.
    SSLSocket overTls(String serverName) throws IOException {
        var socket = (SSLSocket) PlaneUnderTest.trusting(pki.authorityPem())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), proxy.ports().getLast());
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    void service(String name) {
        plane.client.create(
                Resources.SERVICES,
                PlaneUnderTest.yaml("{metadata: {name: " + name
                        + ", namespace: default}, spec: {clusterIP: None, ports: [{name: web, port: 80}]}}"));
    }

    void endpoint(String service, int port, boolean ready) {
        plane.client.create(
                Resources.ENDPOINT_SLICES,
                PlaneUnderTest.yaml("{metadata: {name: " + service + "-" + port + ", namespace: default, labels: {"
                        + "kubernetes.io/service-name: " + service + "}}, addressType: IPv4, ports: [{name: web, port: "
                        + port + "}], endpoints: [{addresses: [" + HOST.address() + "], conditions: {ready: " + ready
                        + "}}]}"));
    }

    /// Routes of the host `NAME.example`, with a class of their own.
    ///
    /// @param more fields of the Ingress's spec, each after a comma
    void ingress(String name, String more, String... paths) {
        plane.client.create(
                Resources.INGRESS_CLASSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name + "}, spec: {controller: navarch.io/ingress}}"));
        plane.client.create(
                Resources.INGRESSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name
                        + ", namespace: default}, spec: {ingressClassName: " + name + more + ", rules: [{host: " + name
                        + ".example, http: {paths: [" + String.join(", ", paths) + "]}}]}}"));
    }

    static String path(String path, String service) {
        return "{path: " + path + ", pathType: Prefix, backend: {service: {name: " + service + ", port: {name: web}}}}";
    }

    @Override
    public void close() {
        proxy.close();
        scope.close();
        http.close();
        loops.close();
    }
}
