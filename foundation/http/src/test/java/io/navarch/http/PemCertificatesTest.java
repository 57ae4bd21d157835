package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemCertificatesTest {
    private static final String ONE = """
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

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "-----END CERTIFICATE-----\n";

    @Test
    void whatIsNoCertificateIsPassedOver() {
        var key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assertThat(PemCertificates.read("of old\n" + ONE + "words\n" + key + ONE.replace("\n", "\r\n")))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "words", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})
    void thereMustBeOne(String text) {
        assertThatThrownBy(() -> PemCertificates.read(text)).hasMessage("no certificate in it");
    }

    /// One that is broken is not left out: others would be trusted than those that are meant.
    @Test
    void oneThatIsBrokenBreaksAll() {
        var inner = ONE.substring(BEGIN.length(), ONE.length() - END.length());
        var tail = Base64.getMimeEncoder()
                .encodeToString(tail(Base64.getMimeDecoder().decode(inner)));
        for (var broken : new String[] {
            BEGIN + END,
            BEGIN + "AAAA\n" + END,
            BEGIN + "MAAA\n" + END,
            BEGIN + "%%%%\n" + END,
            BEGIN + inner,
            BEGIN + inner.substring(40) + END,
            BEGIN + tail + "\n" + END,
            BEGIN + Base64.getEncoder().encodeToString(ONE.getBytes(StandardCharsets.US_ASCII)) + END
        })
            assertThatThrownBy(() -> PemCertificates.read(ONE + broken))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("certificate 2 ");
    }

    private static byte[] tail(byte[] der) {
        return Arrays.copyOf(der, der.length + 3);
    }

    @Test
    void aTextIsBounded() {
        assertThatThrownBy(() -> PemCertificates.read(ONE.repeat(2001))).hasMessage("more than 2000 certificates");
        assertThatThrownBy(() -> PemCertificates.read("x".repeat(5 << 20))).hasMessageStartingWith("more than");
    }
}
