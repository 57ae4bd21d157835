package io.navarch.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/// Keys of one scheme from the configuration: the first one writes, all of them read. A value begins with the name of
/// its key.
final class KeyRing implements ValueCipher {
    record Key(String name, byte[] secret) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Scheme scheme;
    private final byte[] prefix;
    private final List<Key> keys;
    private final SecureRandom random;

    KeyRing(Scheme scheme, List<Key> keys, SecureRandom random) {
        this.scheme = scheme;
        prefix = ("k8s:enc:" + scheme.word() + ":v1:").getBytes(StandardCharsets.UTF_8);
        this.keys = List.copyOf(keys);
        this.random = random;
    }

    @Override
    public byte[] prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] value, byte[] context) {
        var key = keys.getFirst();
        var name = (key.name + ":").getBytes(StandardCharsets.UTF_8);
        try {
            var sealed = scheme.seal(key.secret, value, context, random);
            var body = Arrays.copyOf(name, name.length + sealed.length);
            System.arraycopy(sealed, 0, body, name.length, sealed.length);
            return body;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt with " + scheme.word() + " key " + key.name, e);
        }
    }

    @Override
    public Opened open(byte[] body, byte[] context) {
        GeneralSecurityException failed = null;
        for (var key : keys) {
            var name = (key.name + ":").getBytes(StandardCharsets.UTF_8);
            if (!PlainCipher.startsWith(body, name)) continue;
            try {
                var value = scheme.open(key.secret, Arrays.copyOfRange(body, name.length, body.length), context);
                return new Opened(value, key == keys.getFirst());
            } catch (GeneralSecurityException e) {
                failed = e;
            }
        }
        if (failed != null)
            throw new UnreadableValueException(
                    "the " + scheme.word() + " key of that name does not open the value: " + failed.getMessage(),
                    failed);
        throw new UnreadableValueException("no " + scheme.word() + " key is configured of the name " + keyName(body));
    }

    /// The name a value says, if it can be one.
    private static String keyName(byte[] body) {
        for (int i = 0; i < Math.min(body.length, 64); i++) {
            if (body[i] == ':') return "\"" + new String(body, 0, i, StandardCharsets.UTF_8) + "\"";
            if (body[i] < 32 || body[i] > 126) break;
        }
        return "that it says";
    }
}
