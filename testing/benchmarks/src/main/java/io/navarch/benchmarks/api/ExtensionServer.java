package io.navarch.benchmarks.api;

import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/// A webhook that allows all but objects named `refused`, and a part of the API of its own that is empty. Answers at
/// once.
final class ExtensionServer implements AutoCloseable {
    static final String GROUP = "toys.example.com";
    static final String SERVICE = "toys";

    private final EventLoops loops = new EventLoops(1);
    private final HttpServer server;
    private final Path directory;
    private final Pki pki;

    ExtensionServer() throws IOException {
        directory = Files.createTempDirectory("navarch-bench");
        pki = new Pki(directory, InstantSource.system());
        var pair = pki.server("extension", "extension", List.of("127.0.0.1", SERVICE + ".extensions.svc"));
        var tls = Tls.server(pair.certificate(), pair.key());
        server = HttpServer.secure(loops, new InetSocketAddress("0.0.0.0", 0), name -> tls, this::handle);
    }

    int port() {
        return server.port();
    }

    String authority() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.US_ASCII));
    }

    /// Of this machine, as endpoints may be.
    static String address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElseThrow(() -> new IOException("this machine has no address"));
    }

    private void handle(Exchange exchange) throws IOException {
        var version = GROUP + "/v1";
        switch (exchange.path()) {
            case "/review" -> review(exchange);
            case "/apis/" + GROUP + "/v1" ->
                send(
                        exchange,
                        Trees.map(
                                "kind",
                                "APIResourceList",
                                "apiVersion",
                                "v1",
                                "groupVersion",
                                version,
                                "resources",
                                List.of(Trees.map(
                                        "name",
                                        "toys",
                                        "singularName",
                                        "toy",
                                        "namespaced",
                                        false,
                                        "kind",
                                        "Toy",
                                        "verbs",
                                        List.of("list")))));
            case "/apis/" + GROUP + "/v1/toys" ->
                send(
                        exchange,
                        Trees.map(
                                "kind",
                                "ToyList",
                                "apiVersion",
                                version,
                                "metadata",
                                Trees.map("resourceVersion", "1"),
                                "items",
                                List.of()));
            default -> exchange.respond(404, "text/plain", new byte[0]);
        }
    }

    private static void review(Exchange exchange) throws IOException {
        var request = View.of(Json.parse(exchange.body().readAllBytes())).get("request");
        send(
                exchange,
                Trees.map(
                        "apiVersion",
                        "admission.k8s.io/v1",
                        "kind",
                        "AdmissionReview",
                        "response",
                        Trees.map(
                                "uid",
                                request.get("uid").string(),
                                "allowed",
                                !request.get("name").string().equals("refused"))));
    }

    private static void send(Exchange exchange, Object tree) throws IOException {
        exchange.respond(200, Bodies.JSON, Json.write(tree));
    }

    @Override
    public void close() throws IOException {
        server.close();
        loops.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
