package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeyTest {
    private static String pem(String kind, byte[] encoded) {
        var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + kind + "-----\n" + lines.encodeToString(encoded) + "\n-----END " + kind + "-----\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void plainKeysAreRead(String algorithm) throws GeneralSecurityException {
        var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        assertThat(PemKey.plain("words\n" + pem("PRIVATE KEY", key.getEncoded()) + "words"))
                .contains(key);
    }

    @Test
    void whatIsOfAnotherFormIsLeftToOthers() throws GeneralSecurityException {
        var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        assertThat(PemKey.plain("")).isEmpty();
        assertThat(PemKey.plain(pem("EC PRIVATE KEY", key.getEncoded()))).isEmpty();
        assertThat(PemKey.plain(pem("ENCRYPTED PRIVATE KEY", key.getEncoded()))).isEmpty();
        assertThat(PemKey.plain(pem("PRIVATE KEY", new byte[] {1, 2, 3}))).isEmpty();
        assertThat(PemKey.plain("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----"))
                .isEmpty();
        assertThat(PemKey.plain("-----END PRIVATE KEY----------BEGIN PRIVATE KEY-----"))
                .isEmpty();
    }
}
