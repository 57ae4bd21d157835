package io.navarch.http;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A private key in PEM: PKCS #8 without a password, which is what the cluster's own parts have.
final class PemKey {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    /// The most usual first: a key says itself what it is, and is refused by all others.
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    private PemKey() {}

    /// Nothing when the text is of another form, or cannot be read: others may know more of it.
    static Optional<PrivateKey> plain(String pem) {
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END, from + 1);
        if (from < 0 || to < 0) return Optional.empty();
        try {
            var encoded =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to)));
            return ALGORITHMS.stream()
                    .map(algorithm -> key(algorithm, encoded))
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
