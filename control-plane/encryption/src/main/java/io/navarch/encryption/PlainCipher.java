package io.navarch.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Values as they are (`identity`).
public record PlainCipher() implements ValueCipher {
    /// What all that is encrypted begins with.
    static final byte[] ENCRYPTED = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NOTHING = new byte[0];

    @Override
    public byte[] prefix() {
        return NOTHING;
    }

    @Override
    public byte[] seal(byte[] value, byte[] context) {
        return value;
    }

    @Override
    public Opened open(byte[] body, byte[] context) {
        if (startsWith(body, ENCRYPTED))
            throw new UnreadableValueException(
                    "the value is encrypted and no provider that could read it is configured");
        return new Opened(body, true);
    }

    static boolean startsWith(byte[] value, byte[] prefix) {
        return value.length >= prefix.length && Arrays.equals(value, 0, prefix.length, prefix, 0, prefix.length);
    }
}
