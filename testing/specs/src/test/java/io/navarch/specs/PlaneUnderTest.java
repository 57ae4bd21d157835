package io.navarch.specs;

import io.navarch.apps.ControlPlane;
import io.navarch.apps.Host;
import io.navarch.apps.LiveCertificates;
import io.navarch.apps.ServerOptions;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.model.Resources;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.pki.Pki;
import io.navarch.process.Options;
import io.navarch.process.TaskScope;
import io.navarch.schema.admission.User;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A control plane of its own for a test class that registers it: in this process, on a free port, with a store below
/// a temporary folder.
final class PlaneUnderTest implements BeforeAllCallback, AfterAllCallback {
    static final String TOKEN = "test-token";

    private final EventLoops eventLoops = new EventLoops(1);
    private final Callable<String[]> more;
    private Path directory;
    private Pki pki;
    /// Of certificates only.
    InstantSource clock = InstantSource.system();
    LiveCertificates certificates;
    private HttpClient http;
    ControlPlane plane;
    Client client;

    PlaneUnderTest() {
        this(() -> new String[0]);
    }

    /// @param more further options of the server, asked for when it starts
    PlaneUnderTest(Callable<String[]> more) {
        this.more = more;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("navarch-plane");
        var arguments = new ArrayList<>(
                List.of("--data-dir", directory.toString(), "--port", "0", "--bind-address", "127.0.0.1", "--no-node"));
        arguments.addAll(List.of(more.call()));
        var options = Options.parse(ServerOptions.DECLARED, arguments, Map.of("NAVARCH_TOKEN", TOKEN));
        pki = new Pki(directory.resolve("pki"), clock);
        certificates = new LiveCertificates(pki);
        plane = new ControlPlane(ServerOptions.read(options, Host.local()), certificates, eventLoops);
        client = plane.client(User.of("admin", User.MASTERS), "test");
        // As kubectl's users find it: whoever makes pods there needs it.
        eventually(
                () -> client.find(Resources.SERVICE_ACCOUNTS.untyped(), new ObjectKey("default", "default")),
                View::exists);
        http = HttpClient.newBuilder().sslContext(trusting(authority())).build();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(String text) {
        return (Map<String, Object>) Yaml.parse(text);
    }

    /// Reads until what is read is as wanted.
    static View eventually(Supplier<View> read, Predicate<View> wanted) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            var seen = read.get();
            if (wanted.test(seen)) return seen;
            if (System.nanoTime() > deadline) throw new AssertionError("never came: " + seen);
            try {
                TaskScope.pause(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    Client as(String user, String... groups) {
        return plane.client(User.of(user, groups), "test");
    }

    /// Where real clients find it.
    String url() {
        return "https://127.0.0.1:" + plane.port();
    }

    /// Everything that the server keeps.
    Path directory() {
        return directory;
    }

    String authority() {
        return pki.authorityPem();
    }

    /// A call over HTTPS with headers of one's own.
    ///
    /// @param headers names and values, alternating
    HttpResponse<byte[]> http(String method, String path, byte[] body, String... headers) {
        return http(TOKEN, method, path, body, headers);
    }

    /// As above, with a token of somebody else.
    HttpResponse<byte[]> http(String token, String method, String path, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        return send(request, token, headers);
    }

    /// What is read at another port of the plane.
    ///
    /// @param token `""` for nobody's
    HttpResponse<byte[]> at(int port, String token, String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)), token, headers);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, String token, String... headers) {
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
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

    /// A client's side of TLS that takes what this authority has signed.
    static SSLContext trusting(String pem) throws IOException {
        return trusting(pem, Optional.empty());
    }

    /// @param shown the client's own certificate
    static SSLContext trusting(String pem, Optional<Pki.Pair> shown) throws IOException {
        try {
            var certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("ca", certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            // A client that shows what it has, whoever the server asks for.
            var own = shown.isPresent() ? new KeyManager[] {new ShowsAlways(managing(shown.get()))} : null;
            context.init(own, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// A certificate and its key, for a server or a client.
    static X509ExtendedKeyManager managing(Pki.Pair pair) throws IOException, GeneralSecurityException {
        var encoded = pair.key().replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(encoded)));
        var certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pair.certificate().getBytes(StandardCharsets.US_ASCII)));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, new char[0], new Certificate[] {certificate});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        return (X509ExtendedKeyManager) managers.getKeyManagers()[0];
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (http != null) http.close();
        if (plane != null) plane.close();
        eventLoops.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
