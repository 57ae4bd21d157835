package io.navarch.kinds.secret;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

/// Whether a certificate and a private key look like a pair that TLS can use. That the key belongs to the
/// certificate is not looked at.
final class TlsPair {
    private static final String KEY = "PRIVATE KEY";

    private TlsPair() {}

    /// What is wrong with a pair of texts, if anything.
    static Optional<String> error(String certificate, String key) {
        var blocks = PemBlocks.of(certificate);
        var certificates = blocks.stream()
                .filter(block -> block.type().equals("CERTIFICATE"))
                .toList();
        if (certificates.isEmpty()) return Optional.of("tls: failed to find " + missingCertificate(blocks));
        var keys = PemBlocks.of(key);
        if (keys.stream().noneMatch(block -> ofKey(block.type()))) return Optional.of("tls: " + missingKey(keys));
        return readable(certificates.getFirst()) ? Optional.empty() : Optional.of("x509: malformed certificate");
    }

    private static boolean ofKey(String type) {
        return type.equals(KEY) || type.endsWith(" " + KEY);
    }

    private static String missingCertificate(List<PemBlocks.Block> others) {
        if (others.isEmpty()) return "any PEM data in certificate input";
        if (others.size() == 1 && others.getFirst().type().endsWith(KEY))
            return "certificate PEM data in certificate input, but did find a private key; PEM inputs may have been"
                    + " switched";
        return "\"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following types: "
                + types(others);
    }

    private static String missingKey(List<PemBlocks.Block> others) {
        if (others.isEmpty()) return "failed to find any PEM data in key input";
        if (others.size() == 1 && others.getFirst().type().equals("CERTIFICATE"))
            return "found a certificate rather than a key in the PEM for the private key";
        return "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of"
                + " the following types: " + types(others);
    }

    private static String types(List<PemBlocks.Block> blocks) {
        return blocks.toString().replace(", ", " ");
    }

    private static boolean readable(PemBlocks.Block certificate) {
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.content()));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }
}
