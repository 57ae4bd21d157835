package io.navarch.encryption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The ciphers of some resources: the first one writes, each reads what it has written.
record Providers(List<ValueCipher> ciphers) {
    /// Resources that no configuration names.
    static final Providers PLAIN = new Providers(List.of(new PlainCipher()));

    byte[] seal(byte[] value, byte[] context) {
        var cipher = ciphers.getFirst();
        var body = cipher.seal(value, context);
        var prefix = cipher.prefix();
        if (prefix.length == 0) return body;
        var stored = Arrays.copyOf(prefix, prefix.length + body.length);
        System.arraycopy(body, 0, stored, prefix.length, body.length);
        return stored;
    }

    /// Several may share a prefix when keys are exchanged, so that one that fails is not the last word.
    ///
    /// @throws UnreadableValueException when none can read it
    ValueCipher.Opened open(byte[] stored, byte[] context) {
        var failures = new ArrayList<UnreadableValueException>();
        for (var cipher : ciphers) {
            var prefix = cipher.prefix();
            if (!PlainCipher.startsWith(stored, prefix)) continue;
            try {
                var body = prefix.length == 0 ? stored : Arrays.copyOfRange(stored, prefix.length, stored.length);
                var opened = cipher.open(body, context);
                return new ValueCipher.Opened(opened.value(), opened.current() && cipher == ciphers.getFirst());
            } catch (UnreadableValueException e) {
                // That it is encrypted is all that `identity` can tell; others know more.
                failures.add(prefix.length == 0 ? failures.size() : 0, e);
            }
        }
        if (failures.isEmpty())
            throw new UnreadableValueException("no provider is configured that could read the value");
        throw failures.getFirst();
    }
}
