package io.navarch.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemeTest {
    private static final byte[] CONTEXT = "/registry/secrets/a/b".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void opensWhatItHasSealed(Scheme scheme) throws GeneralSecurityException {
        for (int size : scheme.keySizes()) {
            var key = bytes(size);
            for (int length : new int[] {0, 1, 15, 16, 17, 4096, 1 << 20}) {
                var value = bytes(length);
                var sealed = scheme.seal(key, value, CONTEXT, random);
                assertThat(scheme.open(key, sealed, CONTEXT)).isEqualTo(value);
                assertThat(scheme.seal(key, value, CONTEXT, random)).isNotEqualTo(sealed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AESGCM", "SECRETBOX"})
    void opensNothingThatWasChanged(Scheme scheme) throws GeneralSecurityException {
        var key = bytes(32);
        var sealed = scheme.seal(key, bytes(40), CONTEXT, random);
        for (int i = 0; i < sealed.length; i++) {
            var changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> scheme.open(key, changed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            var cut = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> scheme.open(key, cut, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
        }
        assertThatThrownBy(() -> scheme.open(bytes(32), sealed, CONTEXT)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aValueOpensUnderItsOwnKeyOfTheStoreOnly() throws GeneralSecurityException {
        var key = bytes(32);
        var sealed = Scheme.AESGCM.seal(key, bytes(40), CONTEXT, random);
        var other = "/registry/secrets/a/c".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Scheme.AESGCM.open(key, sealed, other)).isInstanceOf(GeneralSecurityException.class);
    }

    /// The example of NaCl's own tests.
    @Test
    void theBoxIsThatOfNaCl() throws GeneralSecurityException {
        var hex = HexFormat.of();
        var key = hex.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        var nonce = hex.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        var message = hex.parseHex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
                + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
                + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
                + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
                + "5e0705");
        var fixed = new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(nonce, 0, bytes, 0, bytes.length);
            }
        };
        var sealed = Scheme.SECRETBOX.seal(key, message, CONTEXT, fixed);
        assertThat(hex.formatHex(sealed, 24, sealed.length))
                .isEqualTo("f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
                        + "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
                        + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
                        + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
                        + "7973f622a43d14a6599b1f654cb45a74e355a5");
    }
}
