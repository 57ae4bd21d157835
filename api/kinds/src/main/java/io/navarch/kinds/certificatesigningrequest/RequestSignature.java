package io.navarch.kinds.certificatesigningrequest;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;

/// Whether a request was signed with the key that it asks a certificate for.
final class RequestSignature {
    private static final String RSA = "RSA";
    private static final String EC = "EC";
    private static final String ED25519 = "Ed25519";

    private record Algorithm(String key, String signature, String failure) {}

    private static final String RSA_FAILED = "crypto/rsa: verification error";
    private static final String EC_FAILED = "x509: ECDSA verification failure";
    private static final String ED25519_FAILED = "x509: Ed25519 verification failure";

    /// By object identifier.
    private static final Map<String, Algorithm> ALGORITHMS = Map.of(
            "1.2.840.113549.1.1.5", new Algorithm(RSA, "SHA1withRSA", RSA_FAILED),
            "1.2.840.113549.1.1.11", new Algorithm(RSA, "SHA256withRSA", RSA_FAILED),
            "1.2.840.113549.1.1.12", new Algorithm(RSA, "SHA384withRSA", RSA_FAILED),
            "1.2.840.113549.1.1.13", new Algorithm(RSA, "SHA512withRSA", RSA_FAILED),
            "1.2.840.10045.4.1", new Algorithm(EC, "SHA1withECDSA", EC_FAILED),
            "1.2.840.10045.4.3.2", new Algorithm(EC, "SHA256withECDSA", EC_FAILED),
            "1.2.840.10045.4.3.3", new Algorithm(EC, "SHA384withECDSA", EC_FAILED),
            "1.2.840.10045.4.3.4", new Algorithm(EC, "SHA512withECDSA", EC_FAILED),
            "1.3.101.112", new Algorithm(ED25519, ED25519, ED25519_FAILED));

    private RequestSignature() {}

    /// @param key a `SubjectPublicKeyInfo`
    /// @throws IllegalArgumentException when it was not, or in a way that nobody knows
    static void check(String oid, byte[] key, byte[] signed, byte[] signature) {
        var algorithm = ALGORITHMS.get(oid);
        if (algorithm == null)
            throw new IllegalArgumentException("x509: cannot verify signature: algorithm unimplemented");
        boolean right;
        try {
            var verifier = Signature.getInstance(algorithm.signature);
            verifier.initVerify(KeyFactory.getInstance(algorithm.key).generatePublic(new X509EncodedKeySpec(key)));
            verifier.update(signed);
            right = verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(algorithm.failure, e);
        }
        if (!right) throw new IllegalArgumentException(algorithm.failure);
    }
}
