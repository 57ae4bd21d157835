package io.navarch.authentication;

import io.navarch.http.PemCertificates;
import io.navarch.process.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What an issuer publishes, over HTTPS, in bounds of time and size.
final class IssuerDocuments implements IssuerKeys.Documents {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LARGEST = 1 << 20;

    private final HttpClient http;

    /// @param authority the certificates that sign the issuer's, `""`: those that the machine trusts
    IssuerDocuments(String authority) {
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
            for (var certificate : PemCertificates.read(pem)) store.setCertificateEntry("ca" + number++, certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
            throw new ConfigurationException("data does not contain any valid certificates: " + e.getMessage());
        }
    }

    @Override
    public String text(String uri) throws IOException, InterruptedException {
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
