package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Resources;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Certificates and keys are exchanged while the server runs, by time and by command, and nobody is cut off.
@TestMethodOrder(MethodOrderer.MethodName.class)
class CertificateRenewalTest {
    /// Certificates are made some time ago, so that the real clocks of clients take the new ones.
    private static final AtomicReference<Duration> BEHIND = new AtomicReference<>(Duration.ofDays(65));

    @RegisterExtension
    static final PlaneUnderTest SERVER = new PlaneUnderTest();

    static {
        SERVER.clock = () -> Instant.now().minus(BEHIND.get());
    }

    /// A connection that stays open.
    private static final class Connection implements AutoCloseable {
        private final SSLSocket socket;
        private final String credentials;

        /// @param authority the only one that is trusted
        Connection(String authority) throws IOException {
            this(authority, Optional.empty());
        }

        /// @param shown the client's own certificate, which then counts for the token
        Connection(String authority, Optional<Pki.Pair> shown) throws IOException {
            credentials = shown.isPresent() ? "" : "Authorization: Bearer " + PlaneUnderTest.TOKEN + "\r\n";
            socket = (SSLSocket) PlaneUnderTest.trusting(authority, shown)
                    .getSocketFactory()
                    .createSocket("127.0.0.1", SERVER.plane.port());
            socket.startHandshake();
        }

        X509Certificate certificate() throws SSLException {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }

        /// The status of an answer without body.
        String call() throws IOException {
            socket.getOutputStream()
                    .write(("HEAD /api HTTP/1.1\r\nHost: x\r\n" + credentials + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var read = new ByteArrayOutputStream();
            while (!read.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) throw new IOException("closed");
                read.write(next);
            }
            return read.toString(StandardCharsets.US_ASCII).split(" ")[1];
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// The commands' view of the files, beside the server's.
    private static Pki commands() throws IOException {
        return new Pki(SERVER.directory().resolve("pki"), InstantSource.system());
    }

    private static void rootCertificates(Predicate<String> wanted) {
        for (var namespace : List.of("default", "kube-system", "kube-public"))
            PlaneUnderTest.eventually(
                    () -> SERVER.client.find(
                            Resources.CONFIG_MAPS.untyped(), new ObjectKey(namespace, "kube-root-ca.crt")),
                    map -> wanted.test(map.get("data", "ca.crt").string()));
    }

    @Test
    void aServerThatRunsRenewsItsCertificate() throws IOException {
        try (var before = new Connection(SERVER.authority())) {
            assertThat(before.call()).isEqualTo("200");
            BEHIND.set(Duration.ZERO);
            SERVER.certificates.look();
            assertThat(before.call()).isEqualTo("200");
            try (var after = new Connection(SERVER.authority())) {
                assertThat(after.call()).isEqualTo("200");
                assertThat(after.certificate()).isNotEqualTo(before.certificate());
                assertThat(after.certificate().getNotAfter().toInstant())
                        .isAfter(Instant.now().plus(Duration.ofDays(89)));
            }
        }
    }

    @Test
    void anAuthorityIsExchangedWithOverlap() throws IOException {
        BEHIND.set(Duration.ZERO);
        var old = SERVER.authority();
        rootCertificates(old::equals);
        var known = Optional.of(commands().client("known", "somebody", "system:masters"));
        try (var before = new Connection(old);
                var user = new Connection(old, known)) {
            assertThat(user.call()).isEqualTo("200");
            commands().exchangeAuthority();
            SERVER.certificates.look();
            var both = SERVER.authority();
            assertThat(both).endsWith(old).hasSizeGreaterThan(old.length());
            var fresh = both.substring(0, both.length() - old.length());
            for (var trusted : List.of(old, fresh, both)) {
                try (var after = new Connection(trusted)) {
                    assertThat(after.call()).isEqualTo("200");
                    assertThat(after.certificate()).isNotEqualTo(before.certificate());
                }
            }
            rootCertificates(both::equals);
            assertThat(user.call()).isEqualTo("200");
            commands().retireAuthorities();
            SERVER.certificates.look();
            assertThat(SERVER.authority()).isEqualTo(fresh);
            assertThatThrownBy(() -> new Connection(old)).isInstanceOf(SSLException.class);
            rootCertificates(fresh::equals);
            assertThat(SERVER.client
                            .get(
                                    Resources.CONFIG_MAPS,
                                    new ObjectKey("kube-system", "extension-apiserver-authentication"))
                            .data())
                    .containsEntry("client-ca-file", fresh);
            assertThat(user.call())
                    .as("who is connected with a certificate of the old one")
                    .isEqualTo("401");
            // Who else is connected notices nothing of all this.
            assertThat(before.call()).isEqualTo("200");
        }
    }

    private static String token() {
        try (var connection = connect()) {
            var response = connection.send(
                    HttpRequest.newBuilder(URI.create(
                                    SERVER.url() + "/api/v1/namespaces/default/serviceaccounts/default/token"))
                            .header("Authorization", "Bearer " + PlaneUnderTest.TOKEN)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{}"))
                            .build(),
                    BodyHandlers.ofByteArray());
            return View.of(Json.parse(response.body())).get("status", "token").string();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpClient connect() throws IOException {
        return HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(SERVER.authority()))
                .build();
    }

    private static String get(String path, String token) {
        try (var connection = connect()) {
            var response = connection.send(
                    HttpRequest.newBuilder(URI.create(SERVER.url() + path))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : String.valueOf(response.statusCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int keys() {
        return View.of(Json.parse(get("/openid/v1/jwks", PlaneUnderTest.TOKEN).getBytes(StandardCharsets.UTF_8)))
                .get("keys")
                .list()
                .size();
    }

    private static String keyId(String token) {
        return View.of(Json.parse(Base64.getUrlDecoder().decode(token.split("\\.")[0])))
                .get("kid")
                .string();
    }

    @Test
    void theKeyOfTokensIsExchangedWithOverlap() throws IOException {
        var old = token();
        assertThat(keys()).isEqualTo(1);
        commands().exchangeServiceAccountKey();
        SERVER.certificates.look();
        var fresh = token();
        assertThat(keyId(fresh)).isNotEqualTo(keyId(old));
        assertThat(keys()).isEqualTo(2);
        assertThat(get("/version", old)).contains("gitVersion");
        assertThat(get("/version", fresh)).contains("gitVersion");
        commands().retireServiceAccountKeys();
        SERVER.certificates.look();
        assertThat(keys()).isEqualTo(1);
        assertThat(get("/version", old)).isEqualTo("401");
        assertThat(get("/version", fresh)).contains("gitVersion");
    }
}
