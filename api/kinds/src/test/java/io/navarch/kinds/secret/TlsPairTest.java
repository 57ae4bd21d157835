package io.navarch.kinds.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TlsPairTest {
    private static final String SOMETHING = block("CERTIFICATE", "aGVsbG8=");
    private static final String KEY = block("RSA PRIVATE KEY", "aGVsbG8=");

    private static String block(String type, String content) {
        return "-----BEGIN " + type + "-----\n" + content + "\n-----END " + type + "-----\n";
    }

    private static String error(String certificate, String key) {
        return TlsPair.error(certificate, key).orElse("");
    }

    @Test
    void whatIsNoBlockIsNotThere() {
        var nothing = "tls: failed to find any PEM data in certificate input";
        assertThat(error("", KEY)).isEqualTo(nothing);
        assertThat(error("text", KEY)).isEqualTo(nothing);
        assertThat(error(block("CERTIFICATE", "<yours>"), KEY)).isEqualTo(nothing);
        assertThat(error("-----BEGIN CERTIFICATE-----\n", KEY)).isEqualTo(nothing);
        assertThat(error("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END OTHER-----\n", KEY))
                .isEqualTo(nothing);
        assertThat(error(SOMETHING, "")).isEqualTo("tls: failed to find any PEM data in key input");
    }

    @Test
    void otherBlocksAreTold() {
        assertThat(error(KEY, KEY)).endsWith("did find a private key; PEM inputs may have been switched");
        assertThat(error(SOMETHING, SOMETHING))
                .isEqualTo("tls: found a certificate rather than a key in the PEM for the private key");
        assertThat(error(block("A B", "aGVsbG8=") + block("C", ""), KEY))
                .isEqualTo(
                        "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks"
                                + " of the following types: [A B C]");
        assertThat(error(SOMETHING, block("A B", "aGVsbG8=")))
                .endsWith("in key input after skipping PEM blocks of the following types: [A B]");
    }

    @Test
    void aCertificateCanBeRead() {
        assertThat(error("junk\n" + SOMETHING, KEY)).isEqualTo("x509: malformed certificate");
    }

    @Test
    void readingTakesNoLongerForOddTexts() {
        var begins = "-----BEGIN A-----\n".repeat(50_000);
        var ends = "-----END A-----\n".repeat(50_000);
        assertThat(Duration.ofNanos(time(begins + ends))).isLessThan(Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(time((begins + ends).substring(0, 500_000) + begins)))
                .isLessThan(Duration.ofSeconds(2));
    }

    private static long time(String text) {
        long start = System.nanoTime();
        PemBlocks.of(text);
        return System.nanoTime() - start;
    }
}
