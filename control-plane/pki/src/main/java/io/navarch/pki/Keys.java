package io.navarch.pki;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/// Keys: made, and written and read as PEM text.
final class Keys {
    private final SecureRandom random;
    /// RSA keys that are being made before anybody asks for them.
    private final Queue<FutureTask<KeyPair>> begun = new ConcurrentLinkedQueue<>();

    Keys(SecureRandom random) {
        this.random = random;
    }

    /// Begins to make RSA keys: each takes as long as much else of a first start together.
    void begin(int count, Executor executor) {
        for (int i = 0; i < count; i++) {
            var task = new FutureTask<>(this::newRsa);
            begun.add(task);
            executor.execute(task);
        }
    }

    KeyPair elliptic() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    KeyPair rsa() throws GeneralSecurityException {
        var first = begun.poll();
        if (first == null) return newRsa();
        try {
            return first.get();
        } catch (ExecutionException e) {
            throw new GeneralSecurityException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GeneralSecurityException("interrupted", e);
        }
    }

    private KeyPair newRsa() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048, random);
        return generator.generateKeyPair();
    }

    /// What the blocks of a PEM text are, in their order.
    ///
    /// @param keys private ones
    record Blocks(List<PrivateKey> keys, List<PublicKey> publicKeys, List<X509Certificate> certificates) {
        Optional<PrivateKey> key() {
            return keys.stream().findFirst();
        }
    }

    ///
    /// @throws IOException also when there is half a block, or one that cannot be read
    static Blocks read(String pem) throws IOException, GeneralSecurityException {
        try {
            return blocks(pem);
        } catch (RuntimeException e) {
            // Whatever a library says of bytes that no library has written.
            throw new IOException("malformed: " + e.getMessage(), e);
        }
    }

    private static Blocks blocks(String pem) throws IOException, GeneralSecurityException {
        var blocks = new Blocks(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var keys = new JcaPEMKeyConverter();
        int count = 0;
        try (var parser = new PEMParser(new StringReader(pem))) {
            for (var block = parser.readObject(); block != null; block = parser.readObject()) {
                count++;
                switch (block) {
                    case PEMKeyPair pair ->
                        blocks.keys.add(keys.getKeyPair(pair).getPrivate());
                    case PrivateKeyInfo key -> blocks.keys.add(keys.getPrivateKey(key));
                    case SubjectPublicKeyInfo key -> blocks.publicKeys.add(keys.getPublicKey(key));
                    case X509CertificateHolder holder ->
                        blocks.certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
                    // Such as the parameters of a curve, which tools write in front of its key.
                    default -> {}
                }
            }
        }
        // Of a block whose first line is damaged, the reader would say nothing.
        if (pem.lines().filter(line -> line.contains("---")).count() != 2L * count)
            throw new IOException("the first or last line of a block is damaged");
        return blocks;
    }

    /// An RSA key with the public one that is in it.
    static KeyPair pair(PrivateKey key) throws GeneralSecurityException {
        if (!(key instanceof RSAPrivateCrtKey rsa)) throw new GeneralSecurityException("not an RSA key");
        var known = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
        return new KeyPair(KeyFactory.getInstance("RSA").generatePublic(known), key);
    }

    /// Whether both halves are whole: what is signed with one is verified with the other.
    static boolean whole(KeyPair pair) {
        return signs(pair.getPrivate(), pair.getPublic());
    }

    static String algorithm(PrivateKey key) {
        return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    /// Whether two halves belong together.
    static boolean match(PrivateKey key, PublicKey other) {
        try {
            if (key instanceof RSAPrivateCrtKey && other instanceof RSAPublicKey)
                return pair(key).getPublic().equals(other);
        } catch (GeneralSecurityException e) {
            return false;
        }
        return key.getAlgorithm().equals("RSA") == other.getAlgorithm().equals("RSA") && signs(key, other);
    }

    private static boolean signs(PrivateKey key, PublicKey other) {
        try {
            var probe = new byte[] {1};
            var signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(probe);
            var signed = signature.sign();
            signature.initVerify(other);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// A certificate, a public key, or a private key as PKCS #8.
    static String pem(Object object) throws IOException {
        return text(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
    }

    /// A private key in the older form of its own kind, which every client library reads.
    static String traditional(PrivateKey key) throws IOException {
        return text(key);
    }

    private static String text(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
