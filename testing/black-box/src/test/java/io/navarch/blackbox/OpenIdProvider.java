package io.navarch.blackbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.yaml.snakeyaml.Yaml;

/// A stock server of OpenID Connect in a process of its own, with a certificate of an authority of its own.
final class OpenIdProvider implements AutoCloseable {
    private static final String CALLBACK = "https://127.0.0.1:1/callback";

    private final Path folder;
    private final int port;
    private final SSLContext trusting;
    private Process process;

    /// @param machine makes the certificates
    OpenIdProvider(Path folder, int port, Machine machine) throws IOException, GeneralSecurityException {
        this.folder = folder;
        this.port = port;
        machine.shell("""
                cd '%s' && set -e
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=issuers \
                    -keyout ca.key -out ca.crt
                openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=issuer \
                    -keyout issuer.key -out issuer.csr
                printf 'subjectAltName=IP:127.0.0.1\\n' >names
                openssl x509 -req -in issuer.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -extfile names \
                    -out issuer.crt
                """.formatted(folder)).ok();
        trusting = trusting(authority());
    }

    private static SSLContext trusting(String pem) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    String authority() throws IOException {
        return Files.readString(folder.resolve("ca.crt"));
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    /// @param generations of keys that it shows; those of the first sign
    void start(String... generations) throws IOException {
        // Node looks for packages beside the script.
        var script = Path.of("../target/tools/oidc").toRealPath().resolve("issuer.mjs");
        Files.copy(Path.of("src/test/resources/oidc/issuer.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
        var command = new ArrayList<>(List.of("node", script.toString(), folder.toString(), String.valueOf(port)));
        command.addAll(List.of(generations));
        var log = folder.resolve("issuer.log").toFile();
        process = new ProcessBuilder(command).redirectError(log).start();
        var said = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"ready".equals(said)) throw new IOException("no provider: " + said + Files.readString(log.toPath()));
    }

    void stop() throws InterruptedException {
        if (process == null) return;
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    }

    /// The ID token of a user who signs in to a client and agrees: the flow of authorization codes, as a browser does
    /// it.
    String idToken(String client, String user) throws IOException, InterruptedException {
        try (var browser = HttpClient.newBuilder()
                .sslContext(trusting)
                .cookieHandler(new CookieManager())
                .build()) {
            var asked = "/auth?"
                    + form(Map.of(
                            "client_id", client,
                            "response_type", "code",
                            "scope", "openid email",
                            "redirect_uri", CALLBACK,
                            "state", "s",
                            "nonce", "n"));
            var place = moved(browser, HttpRequest.newBuilder(URI.create(url() + asked)));
            for (var answers :
                    List.of(Map.of("prompt", "login", "login", user, "password", "any"), Map.of("prompt", "consent"))) {
                browser.send(HttpRequest.newBuilder(place).build(), BodyHandlers.discarding());
                place = moved(browser, posting(place, answers));
                place = moved(browser, HttpRequest.newBuilder(place));
            }
            if (!place.toString().startsWith(CALLBACK)) throw new IOException("led to " + place);
            var code = Map.of(
                    "grant_type",
                    "authorization_code",
                    "code",
                    place.getQuery().replaceFirst("(?s).*?code=([^&]*).*", "$1"),
                    "redirect_uri",
                    CALLBACK);
            var own = client + ":secret-of-" + client;
            var exchange = posting(URI.create(url() + "/token"), code)
                    .header(
                            "Authorization",
                            "Basic " + Base64.getEncoder().encodeToString(own.getBytes(StandardCharsets.UTF_8)));
            var answer = browser.send(exchange.build(), BodyHandlers.ofString());
            var token = new Yaml().<Map<String, Object>>load(answer.body()).get("id_token");
            if (token == null) throw new IOException(answer.body());
            return token.toString();
        }
    }

    private static HttpRequest.Builder posting(URI place, Map<String, String> fields) {
        return HttpRequest.newBuilder(place)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields)));
    }

    /// Where an answer leads.
    private static URI moved(HttpClient browser, HttpRequest.Builder request) throws IOException, InterruptedException {
        var call = request.build();
        HttpResponse<String> answer = browser.send(call, BodyHandlers.ofString());
        var place = answer.headers().firstValue("Location");
        if (place.isEmpty()) throw new IOException(call.uri() + ": " + answer.statusCode() + " " + answer.body());
        return call.uri().resolve(place.get());
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
