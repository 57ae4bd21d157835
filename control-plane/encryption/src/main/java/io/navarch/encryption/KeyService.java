package io.navarch.encryption;

import java.util.Map;

/// A key management service: it keeps the key that seals the seeds which values are encrypted with (KMS v2).
///
/// Source: https://kubernetes.io/docs/tasks/administer-cluster/kms-provider/
interface KeyService extends AutoCloseable {
    /// @param version of the protocol
    /// @param health `ok`, or what is wrong
    /// @param keyId of the key that the service encrypts with now
    record Status(String version, String health, String keyId) {}

    record Sealed(byte[] ciphertext, String keyId, Map<String, byte[]> annotations) {}

    /// @throws UnreadableValueException when the service does not answer in time, or refuses
    Status status();

    /// @param uid names the call in the service's logs
    Sealed encrypt(byte[] plaintext, String uid);

    byte[] decrypt(Sealed sealed, String uid);

    @Override
    void close();
}
