package io.navarch.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.join.ClusterInfo.UntrustedException;
import io.navarch.kinds.secret.FreshToken;
import io.navarch.kinds.secret.TokenSignature;
import io.navarch.model.ConfigMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterInfoTest {
    private static final FreshToken TOKEN = FreshToken.parse("abcdef.0123456789abcdef");
    private static final String SIGNATURE = "jws-kubeconfig-abcdef";
    /// Made by OpenSSL, which says that its key's hash is [#PIN].
    private static final String AUTHORITY = """
            -----BEGIN CERTIFICATE-----
            MIIBfzCCASWgAwIBAgIUE0BTNjZWlOfWQcFcgiEDdtAoQ3owCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyOTE0NTgxN1oYDzIxMjYxMTA1
            MTQ1ODE3WjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAASVIsst/N68LtH5wrE8GAeaY0RQxlt/UqSfk9sAaC0yBA49zaqKySM8
            xhTRXMrniaFRLQ/nB6w1EMccxcKexA2ko1MwUTAdBgNVHQ4EFgQUvlC3KU3SnC/f
            HSfgTPsywXwT3nowHwYDVR0jBBgwFoAUvlC3KU3SnC/fHSfgTPsywXwT3nowDwYD
            VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAuZrWP4u4Ccwcr1wNUn+1
            YaNpEK2LNzcmoAEPuZkY5E0CIEehZdaHHBmoAy2gXyWb/CVPyVnLNYFLBt8l1+pB
            9suW
            -----END CERTIFICATE-----
            """;

    private static final String PIN = "sha256:8d10d22a1b3f282dadbc422b34a77304b09b9a292f507ed1b45265b514008beb";

    private static String kubeconfig(String server) {
        var authority = Base64.getEncoder().encodeToString(AUTHORITY.getBytes(StandardCharsets.US_ASCII));
        return "{apiVersion: v1, kind: Config, clusters: [{name: '', cluster: {server: '" + server
                + "', certificate-authority-data: " + authority + "}}]}";
    }

    private static final String CONTENT = kubeconfig("https://192.0.2.7:6443");

    private static ConfigMap said(String content, String signature) {
        return ConfigMap.builder()
                .data(Map.of("kubeconfig", content, SIGNATURE, signature))
                .build();
    }

    private static String signed(String content) {
        return TokenSignature.of(content, TOKEN.id(), TOKEN.secret());
    }

    private static void refused(ConfigMap said, String why, CertificatePin... pins) {
        assertThatThrownBy(() -> ClusterInfo.believed(said, TOKEN, List.of(pins)))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatTheTokenHasSignedIsBelieved() {
        var info = ClusterInfo.believed(said(CONTENT, signed(CONTENT)), TOKEN, List.of(CertificatePin.parse(PIN)));
        assertThat(info.server()).hasToString("https://192.0.2.7:6443");
        assertThat(info.authority()).isEqualTo(AUTHORITY);
        assertThat(CertificatePin.of(AUTHORITY)).hasToString(PIN);
    }

    @Test
    void anotherAuthorityThanTheOneThatIsKnownIsNotBelieved() {
        refused(
                said(CONTENT, signed(CONTENT)),
                PIN + ", which is none of those given",
                CertificatePin.parse("sha256:" + "ab".repeat(32)));
    }

    @Test
    void whatHasChangedSinceItWasSignedIsNotBelieved() {
        refused(said(kubeconfig("https://192.0.2.8:6443"), signed(CONTENT)), "not signed with the token abcdef");
        refused(said(CONTENT, TokenSignature.of(CONTENT, "abcdef", "0000000000000000")), "not signed");
        refused(said(CONTENT, ""), "does not know the token abcdef");
        refused(said("", signed("")), "does not say which cluster");
    }

    /// Nobody is asked which algorithm was used.
    @Test
    void aSignatureThatNeedsNoKeyIsNone() {
        var header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\",\"kid\":\"abcdef\"}".getBytes(StandardCharsets.US_ASCII));
        refused(said(CONTENT, header + ".."), "not signed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://192.0.2.7:6443", "https:///x", "", "file:///etc/passwd", "https://a b"})
    void aServerWithoutTlsIsNone(String server) {
        var content = kubeconfig(server);
        refused(said(content, signed(content)), "cannot be used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "clusters: 7", "{clusters: [{}]}", "{"})
    void whatIsNoKubeconfigIsNotBelieved(String content) {
        refused(said(content, signed(content)), "cannot be used");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abcdef", "abcdef.", "abcdef.0123456789ABCDEF", "abcdeg0.0123456789abcdef", "a.b.c"})
    void whatIsNoTokenIsRefused(String text) {
        assertThatThrownBy(() -> FreshToken.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "md5:00", "sha256:zz", "0000"})
    void whatIsNoHashIsRefused(String text) {
        assertThatThrownBy(() -> CertificatePin.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
