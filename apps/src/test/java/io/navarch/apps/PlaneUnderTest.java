package io.navarch.apps;

import io.navarch.apiserver.User;
import io.navarch.client.Client;
import io.navarch.http.Transport;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.Options;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A control plane of its own for a test class: in this process, on a free port, with a store below a folder.
final class PlaneUnderTest implements AutoCloseable {
    static final String TOKEN = "test-token";

    private final Transport transport = new Transport(1);
    private final Pki pki;
    final ControlPlane plane;
    final Client client;
    private final HttpClient http;

    PlaneUnderTest(Path directory, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "--data-dir",
                directory.toString(),
                "--port",
                "0",
                "--bind-address",
                "127.0.0.1",
                "--no-node",
                "--token",
                TOKEN));
        arguments.addAll(List.of(more));
        var options = Options.parse(ServerConfig.OPTIONS, arguments, Map.of());
        pki = new Pki(directory.resolve("pki"), Instant.now());
        plane = new ControlPlane(ServerConfig.of(options), pki, transport);
        client = plane.client(User.of("admin", User.MASTERS), "test");
        http = HttpClient.newBuilder().sslContext(trusting(authority())).build();
    }

    Client as(String user, String... groups) {
        return plane.client(User.of(user, groups), "test");
    }

    /// Where real clients find it.
    String url() {
        return "https://127.0.0.1:" + plane.port();
    }

    String authority() {
        return pki.authorityPem();
    }

    /// A call over HTTPS with headers of one's own.
    ///
    /// @param headers names and values, alternating
    HttpResponse<byte[]> http(String method, String path, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Authorization", "Bearer " + TOKEN);
        if (headers.length > 0) request.headers(headers);
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    View aggregated(String path) {
        return View.of(Json.parse(http(
                        "GET",
                        path,
                        null,
                        "Accept",
                        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                .body()));
    }

    private static SSLContext trusting(String pem) throws IOException {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("ca", certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        plane.close();
        transport.close();
    }
}
