package io.navarch.authentication;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The public keys of an issuer, found by its discovery document and fetched again when a token names one that is not
/// known.
///
/// Source: https://openid.net/specs/openid-connect-discovery-1_0.html
final class IssuerKeys implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST = 1 << 20;
    private static final int MOST_KEYS = 100;

    /// Tokens with made-up key names must not make this server ask all the time.
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    private final String issuer;
    private final String discovery;
    private final InstantSource clock;
    private final HttpClient http;
    private volatile List<JWK> keys = List.of();
    private Instant asked = Instant.MIN;
    private volatile String problem = "not asked yet";

    /// @param discovery where the discovery document is
    /// @param authority the certificates that sign the issuer's, `""`: those that the machine trusts
    IssuerKeys(String issuer, String discovery, String authority, InstantSource clock) {
        this.issuer = issuer;
        this.discovery = discovery;
        this.clock = clock;
        var builder = HttpClient.newBuilder().connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        if (!authority.isEmpty()) builder.sslContext(trusting(authority));
        http = builder.build();
    }

    /// @throws ConfigurationException when these are no certificates
    static SSLContext trusting(String pem) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))))
                store.setCertificateEntry("ca" + number++, certificate);
            if (number == 0) throw new ConfigurationException("data does not contain any valid certificates");
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigurationException("data does not contain any valid certificates: " + e.getMessage());
        }
    }

    /// The keys by this name, or all if a token names none. Asks the issuer when there are none.
    List<JWK> named(Optional<String> id) {
        var found = search(id);
        return found.isEmpty() && refresh() ? search(id) : found;
    }

    private List<JWK> search(Optional<String> id) {
        return keys.stream()
                .filter(key -> id.isEmpty() || id.get().equals(key.getKeyID()))
                .toList();
    }

    /// What keeps the issuer from being asked, or `""`.
    String problem() {
        return problem;
    }

    /// Whether the issuer was asked and has answered.
    synchronized boolean refresh() {
        var now = clock.instant();
        if (asked.isAfter(now.minus(BETWEEN))) return false;
        asked = now;
        try {
            var document = get(discovery);
            var told = document.get("issuer").string();
            if (!told.equals(issuer))
                throw new IOException("oidc: issuer did not match the issuer returned by provider, expected \"" + issuer
                        + "\" got \"" + told + "\"");
            var place = document.get("jwks_uri").string();
            if (!place.startsWith("https://")) throw new IOException("the provider tells no HTTPS address of its keys");
            var set = JWKSet.parse(text(place));
            keys = set.getKeys().stream().limit(MOST_KEYS).toList();
            problem = "";
            return true;
        } catch (IOException | ParseException | Json.MalformedException | IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private View get(String uri) throws IOException, InterruptedException {
        return View.of(Json.parse(text(uri)));
    }

    private String text(String uri) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(uri)).timeout(TIMEOUT).build();
        var response = http.send(request, BodyHandlers.ofInputStream());
        try (var body = response.body()) {
            if (response.statusCode() != 200) throw new IOException(uri + " answered " + response.statusCode());
            var bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) throw new IOException(uri + " answered with more than " + LARGEST + " bytes");
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
