package io.navarch.apps.snapshot;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The sum that every Java has.
final class Sha256 {
    private Sha256() {}

    static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
