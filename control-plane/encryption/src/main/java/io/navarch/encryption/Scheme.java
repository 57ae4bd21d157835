package io.navarch.encryption;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// The ciphers that take a key from the configuration. What is stored is the nonce, and then the encrypted value.
enum Scheme {
    /// Authenticated, with the storage key as associated data. Nonces are random, so a key is good for some 2³² writes.
    AESGCM("aesgcm", "16 24 32") {
        @Override
        byte[] seal(byte[] key, byte[] value, byte[] context, SecureRandom random) throws GeneralSecurityException {
            var nonce = bytes(random, GCM_NONCE);
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, 0, context);
            var sealed = Arrays.copyOf(nonce, nonce.length + cipher.getOutputSize(value.length));
            cipher.doFinal(value, 0, value.length, sealed, nonce.length);
            return sealed;
        }

        @Override
        byte[] open(byte[] key, byte[] sealed, byte[] context) throws GeneralSecurityException {
            if (sealed.length < GCM_NONCE) throw new GeneralSecurityException(TOO_SHORT);
            return cipher(Cipher.DECRYPT_MODE, key, sealed, 0, context)
                    .doFinal(sealed, GCM_NONCE, sealed.length - GCM_NONCE);
        }

        private Cipher cipher(int mode, byte[] key, byte[] nonce, int offset, byte[] context)
                throws GeneralSecurityException {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce, offset, GCM_NONCE));
            cipher.updateAAD(context);
            return cipher;
        }
    },
    /// Not authenticated: whoever can write to the files can change values. For configurations that have it.
    AESCBC("aescbc", "16 24 32") {
        @Override
        byte[] seal(byte[] key, byte[] value, byte[] context, SecureRandom random) throws GeneralSecurityException {
            var vector = bytes(random, BLOCK);
            var cipher = cipher(Cipher.ENCRYPT_MODE, key, vector);
            var sealed = Arrays.copyOf(vector, vector.length + cipher.getOutputSize(value.length));
            cipher.doFinal(value, 0, value.length, sealed, vector.length);
            return sealed;
        }

        @Override
        byte[] open(byte[] key, byte[] sealed, byte[] context) throws GeneralSecurityException {
            if (sealed.length < 2 * BLOCK) throw new GeneralSecurityException(TOO_SHORT);
            return cipher(Cipher.DECRYPT_MODE, key, sealed).doFinal(sealed, BLOCK, sealed.length - BLOCK);
        }

        private Cipher cipher(int mode, byte[] key, byte[] vector) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(vector, 0, BLOCK));
            return cipher;
        }
    },
    /// XSalsa20 and Poly1305, as NaCl's box of that name: authenticated, with nonces long enough to be random always.
    SECRETBOX("secretbox", "32") {
        @Override
        byte[] seal(byte[] key, byte[] value, byte[] context, SecureRandom random) {
            var nonce = bytes(random, BOX_NONCE);
            var stream = new XSalsa20Engine();
            stream.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
            var sealed = Arrays.copyOf(nonce, BOX_NONCE + TAG + value.length);
            var authenticator = authenticator(stream);
            stream.processBytes(value, 0, value.length, sealed, BOX_NONCE + TAG);
            authenticator.update(sealed, BOX_NONCE + TAG, value.length);
            authenticator.doFinal(sealed, BOX_NONCE);
            return sealed;
        }

        @Override
        byte[] open(byte[] key, byte[] sealed, byte[] context) throws GeneralSecurityException {
            int length = sealed.length - BOX_NONCE - TAG;
            if (length < 0) throw new GeneralSecurityException(TOO_SHORT);
            var stream = new XSalsa20Engine();
            stream.init(false, new ParametersWithIV(new KeyParameter(key), Arrays.copyOf(sealed, BOX_NONCE)));
            var authenticator = authenticator(stream);
            authenticator.update(sealed, BOX_NONCE + TAG, length);
            var tag = new byte[TAG];
            authenticator.doFinal(tag, 0);
            if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(sealed, BOX_NONCE, BOX_NONCE + TAG)))
                throw new GeneralSecurityException("the stored data does not fit its key");
            var value = new byte[length];
            stream.processBytes(sealed, BOX_NONCE + TAG, length, value, 0);
            return value;
        }

        // The first block of the stream holds the authenticator's key; its second half is not used.
        private Poly1305 authenticator(XSalsa20Engine stream) {
            var block = new byte[32];
            stream.processBytes(block, 0, block.length, block, 0);
            var authenticator = new Poly1305();
            authenticator.init(new KeyParameter(block));
            return authenticator;
        }
    };

    private static final int GCM_NONCE = 12;
    private static final int BOX_NONCE = 24;
    private static final int BLOCK = 16;
    private static final int TAG = 16;
    private static final String TOO_SHORT = "the stored data was shorter than the required size";

    private final String word;
    private final String keySizes;

    Scheme(String word, String keySizes) {
        this.word = word;
        this.keySizes = keySizes;
    }

    /// As the configuration names it.
    String word() {
        return word;
    }

    /// In bytes.
    Set<Integer> keySizes() {
        return Arrays.stream(keySizes.split(" ")).map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new));
    }

    abstract byte[] seal(byte[] key, byte[] value, byte[] context, SecureRandom random) throws GeneralSecurityException;

    abstract byte[] open(byte[] key, byte[] sealed, byte[] context) throws GeneralSecurityException;

    private static byte[] bytes(SecureRandom random, int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
