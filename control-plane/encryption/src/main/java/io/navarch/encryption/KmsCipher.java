package io.navarch.encryption;

import io.navarch.process.LruMap;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Envelopes: a seed made here, sealed by a key service, gives each value a key of its own (HKDF), which encrypts it
/// with AES-GCM. The sealed seed stands beside the value, so the service is asked once for all values of a seed.
final class KmsCipher implements ValueCipher {
    private static final int KEY = 32;
    private static final int INFO = 32;
    private static final int LARGEST_ID = 1024;
    private static final int REMEMBERED = 1000;

    /// The way of making keys, as values say it.
    private static final long FROM_SEED = 1;

    /// For so long after the service was heard of last, a seed may be written with.
    private static final Duration TRUSTED = Duration.ofMinutes(3);

    private record Seed(byte[] secret, KeyService.Sealed sealed) {}

    /// @param heard when the service was heard of last
    private record Known(Seed seed, Instant heard) {}

    private final String name;
    private final byte[] prefix;
    private final KeyService service;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, byte[]> opened = new LruMap<>(REMEMBERED);
    /// What is known of the service; whoever reads it waits for nobody.
    private volatile @Nullable Known known;

    KmsCipher(String name, KeyService service, InstantSource clock, SecureRandom random) {
        this.name = name;
        prefix = ("k8s:enc:kms:v2:" + name + ":").getBytes(StandardCharsets.UTF_8);
        this.service = service;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public byte[] prefix() {
        return prefix;
    }

    /// Asks the service how it is, and makes another seed when it has another key.
    ///
    /// @throws UnreadableValueException when the service is not well
    synchronized void check() {
        var status = service.status();
        if (!status.health().equals("ok"))
            throw new UnreadableValueException("kms plugin " + name + " is not healthy: " + status.health());
        if (!status.version().startsWith("v2"))
            throw new UnreadableValueException(
                    "kms plugin " + name + " speaks " + status.version() + ", expected version v2");
        var before = known;
        var seed = before != null && before.seed.sealed.keyId().equals(status.keyId()) ? before.seed : fresh();
        known = new Known(seed, clock.instant());
    }

    private Seed fresh() {
        var secret = new byte[KEY];
        random.nextBytes(secret);
        var sealed = service.encrypt(secret, UUID.randomUUID().toString());
        if (sealed.keyId().isEmpty() || sealed.keyId().length() > LARGEST_ID || sealed.ciphertext().length > LARGEST_ID)
            throw new UnreadableValueException("kms plugin " + name + " answered with no key id, or with too much");
        return new Seed(secret, sealed);
    }

    private Seed current() {
        var now = known;
        return now != null && trusted(now) ? now.seed : asked();
    }

    private boolean trusted(Known now) {
        return !now.heard.plus(TRUSTED).isBefore(clock.instant());
    }

    /// One asks for all who wait.
    private synchronized Seed asked() {
        var before = known;
        if (before == null || !trusted(before)) check();
        var now = known;
        if (now == null) throw new UnreadableValueException("kms plugin " + name + " gave no key");
        return now.seed;
    }

    private String currentKey() {
        var now = known;
        return now == null ? "" : now.seed.sealed.keyId();
    }

    @Override
    public byte[] seal(byte[] value, byte[] context) {
        var with = current();
        var info = new byte[INFO];
        random.nextBytes(info);
        try {
            var sealed = Scheme.AESGCM.seal(key(with.secret, info), value, context, random);
            var data = Arrays.copyOf(info, INFO + sealed.length);
            System.arraycopy(sealed, 0, data, INFO, sealed.length);
            return new WireMessage()
                    .bytes(1, data)
                    .text(2, with.sealed.keyId())
                    .bytes(3, with.sealed.ciphertext())
                    .map(4, with.sealed.annotations())
                    .number(5, FROM_SEED)
                    .write();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt with a seed of " + name, e);
        }
    }

    @Override
    public Opened open(byte[] body, byte[] context) {
        var message = WireMessage.read(body, 4);
        var data = message.bytes(1);
        if (message.number(5) != FROM_SEED || data.length < INFO)
            throw new UnreadableValueException("the value is no envelope of kms plugin " + name);
        var sealed = new KeyService.Sealed(message.bytes(3), message.text(2), message.map(4));
        try {
            var secret = key(secret(sealed), Arrays.copyOf(data, INFO));
            var value = Scheme.AESGCM.open(secret, Arrays.copyOfRange(data, INFO, data.length), context);
            return new Opened(value, sealed.keyId().equals(currentKey()));
        } catch (GeneralSecurityException e) {
            throw new UnreadableValueException(
                    "the seed of kms plugin " + name + " does not open the value: " + e.getMessage(), e);
        }
    }

    private byte[] secret(KeyService.Sealed sealed) {
        var id = sealed.keyId() + " " + HexFormat.of().formatHex(sealed.ciphertext());
        synchronized (opened) {
            var known = opened.get(id);
            if (known != null) return known;
        }
        var secret = service.decrypt(sealed, UUID.randomUUID().toString());
        if (secret.length != KEY)
            throw new UnreadableValueException("kms plugin " + name + " gave a seed of " + secret.length + " bytes");
        synchronized (opened) {
            opened.put(id, secret);
        }
        return secret;
    }

    private static byte[] key(byte[] seed, byte[] info) throws GeneralSecurityException {
        var spec = HKDFParameterSpec.expandOnly(new SecretKeySpec(seed, "Generic"), info, KEY);
        return KDF.getInstance("HKDF-SHA256").deriveData(spec);
    }
}
