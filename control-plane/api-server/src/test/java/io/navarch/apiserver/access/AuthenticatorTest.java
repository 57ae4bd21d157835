package io.navarch.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.request.FakeCall;
import io.navarch.http.HeaderNames;
import io.navarch.objects.ApiException;
import io.navarch.schema.admission.User;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who somebody is, whatever they show.
class AuthenticatorTest {
    /// Of `alice` in the groups `dev`, `ops` and `all`, the first two in one name.
    private static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBxDCCAWugAwIBAgIUCKmi6VExtuNP6PZ8RaSwjoeAUiUwCgYIKoZIzj0EAwIw
            ODEYMAoGA1UECgwDZGV2MAoGA1UECgwDb3BzMQwwCgYDVQQKDANhbGwxDjAMBgNV
            BAMMBWFsaWNlMB4XDTI2MTEyOTE0MDA1MVoXDTI3MTEyOTE0MDA1MVowODEYMAoG
            A1UECgwDZGV2MAoGA1UECgwDb3BzMQwwCgYDVQQKDANhbGwxDjAMBgNVBAMMBWFs
            aWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPDXlh13jBn1Q5Ufj+X3fxHNg
            tDotZJWP7dT3iFNb9adKtLGQ+VKSoJ8F3nSCjw8a8Zfg3DtK5je5RqhIT1qOH6NT
            MFEwHQYDVR0OBBYEFCzc1eenf0l38jnIbsFBbYgbkMc7MB8GA1UdIwQYMBaAFCzc
            1eenf0l38jnIbsFBbYgbkMc7MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
            RwAwRAIgPK1udEJdw3RU8YTx0RbTg5msjQ4Z084YWdQQ7mGEQRkCIFD+Rlyf8DHu
            r0rGv/BU3bO7JXt5xkbQKAEbAgKGrU4s
            -----END CERTIFICATE-----
            """;

    private final X509Certificate certificate = certificate();
    private Instant now = certificate.getNotBefore().toInstant();
    private final Authenticator authenticator = authenticator(Optional.empty());

    private Authenticator authenticator(Optional<FrontProxy> proxy) {
        return new Authenticator(
                new Robots(),
                new CertificateUsers(
                        () -> ClientAuthorities.of(PEM),
                        proxy.map(headers -> new CertificateUsers.Proxy(() -> ClientAuthorities.of(PEM), headers))),
                Map.of("fixed", User.of("administrator")),
                () -> now,
                path -> true);
    }

    private static FrontProxy proxy(String... names) {
        var usual = FrontProxy.STANDARD;
        return new FrontProxy(
                List.of(names),
                List.of("X-First", "X-Remote-User"),
                usual.uidHeaders(),
                usual.groupHeaders(),
                usual.extraPrefixes());
    }

    @Test
    void aProxySaysInHeadersWhoCalls() {
        var behind = authenticator(Optional.of(proxy("alice")));
        var call = with("Bearer robot")
                .showing(certificate)
                .header("X-Remote-User", "zoe")
                .header("x-remote-uid", "7")
                .header("X-Remote-Group", "guests")
                .header("X-Remote-Extra-Example.org%2fScope", "read");
        assertThat(behind.authenticate(call))
                .hasValue(new User(
                        "zoe",
                        "7",
                        List.of("guests", User.AUTHENTICATED),
                        Map.of("example.org/scope", List.of("read"))));
        assertThat(name(behind, with("").showing(certificate))).isEqualTo("alice");
        // Whoever shows no certificate is no proxy, and neither is one of another name, or one that is too old.
        assertThat(name(behind, with("Bearer robot").header("X-Remote-User", "zoe")))
                .isEqualTo("robot");
        assertThat(name(authenticator(Optional.of(proxy("bob"))), call)).isEqualTo("alice");
        assertThat(name(call)).isEqualTo("alice");
        now = certificate.getNotAfter().toInstant().plusSeconds(1);
        assertThat(name(behind, call)).isEqualTo("robot");
    }

    private static final class Robots implements BearerTokens {
        @Override
        public Optional<User> verify(String token, List<String> audiences) {
            return token.equals("robot") ? Optional.of(User.of("robot")) : Optional.empty();
        }

        @Override
        public List<String> audiences(String token) {
            return List.of();
        }

        @Override
        public List<String> own() {
            return List.of();
        }
    }

    private static X509Certificate certificate() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private String name(FakeCall call) {
        return name(authenticator, call);
    }

    private static String name(Authenticator authenticator, FakeCall call) {
        return authenticator.authenticate(call).orElseThrow().name();
    }

    private static FakeCall with(String authorization) {
        return FakeCall.get("/api").header(HeaderNames.AUTHORIZATION, authorization);
    }

    private void refused(FakeCall call) {
        assertThatThrownBy(() -> authenticator.authenticate(call))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(401));
    }

    @Test
    void tokensStandForWhomTheyWereIssuedTo() {
        assertThat(name(with("Bearer fixed"))).isEqualTo("administrator");
        assertThat(name(with("bearer robot"))).isEqualTo("robot");
        assertThat(name(with("Bearer robot and more"))).isEqualTo("robot");
        refused(with("Bearer fixe"));
        for (var nothing : new String[] {"", "Bearer", "Bearer ", "Basic cm9ib3Q6"})
            assertThat(name(with(nothing))).as(nothing).isEqualTo(User.ANONYMOUS.name());
    }

    @Test
    void aCertificateComesBeforeAToken() {
        var user = authenticator
                .authenticate(with("Bearer robot").showing(certificate))
                .orElseThrow();
        assertThat(user.name()).isEqualTo("alice");
        assertThat(user.groups()).contains("dev", "ops", "all");
        assertThat(name(with("Bearer wrong").showing(certificate))).isEqualTo("alice");
    }

    /// A connection may stay open for longer than what it began with is valid.
    @Test
    void aCertificateIsLookedAtWithEachCall() {
        assertThat(name(with("").showing(certificate))).isEqualTo("alice");
        now = certificate.getNotAfter().toInstant().plusSeconds(1);
        refused(with("").showing(certificate));
        assertThat(name(with("Bearer robot").showing(certificate))).isEqualTo("robot");
        now = certificate.getNotBefore().toInstant().minusSeconds(1);
        refused(with("").showing(certificate));
    }
}
