package io.navarch.pki;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The cluster's authority and the certificates it signs, as PEM files in one directory. Files that exist are reused.
public final class Pki {
    private static final Duration VALIDITY = Duration.ofDays(3650);

    /// PEM texts.
    public record Pair(String certificate, String key) {}

    private final Path directory;
    private final Instant now;
    private final SecureRandom random = new SecureRandom();
    private final KeyPair authorityKey;
    private final X509Certificate authority;

    public Pki(Path directory, Instant now) throws IOException {
        this.directory = directory;
        this.now = now;
        Files.createDirectories(directory);
        try {
            if (Files.exists(directory.resolve("ca.crt"))) {
                authorityKey = readKey(directory.resolve("ca.key"));
                authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(Files.newInputStream(directory.resolve("ca.crt")));
            } else {
                authorityKey = generate();
                authority = sign("CN=navarch-ca", authorityKey, List.of(), true, List.of());
                write("ca.key", pem(authorityKey.getPrivate()));
                write("ca.crt", pem(authority));
            }
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException(
                    "cannot make or read the cluster's certificates in " + directory + ": " + e.getMessage(), e);
        }
    }

    public String authorityPem() {
        try {
            return Files.readString(directory.resolve("ca.crt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A server certificate for these DNS names and IP addresses.
    public Pair server(String file, String name, List<String> names) throws IOException {
        return certificate(file, "CN=" + name, names, List.of(KeyPurposeId.id_kp_serverAuth));
    }

    /// A client certificate for a user in these groups.
    public Pair client(String file, String user, String... groups) throws IOException {
        var subject = new StringBuilder();
        for (var group : groups) subject.append("O=").append(group).append(',');
        return certificate(file, subject + "CN=" + user, List.of(), List.of(KeyPurposeId.id_kp_clientAuth));
    }

    /// The administrator's certificate. Its key has the one form that every client library reads: RSA in PKCS #1.
    public Pair administrator(String group) throws IOException {
        var subject = "O=" + group + ",CN=kubernetes-admin";
        return certificate("admin", subject, List.of(), List.of(KeyPurposeId.id_kp_clientAuth), true);
    }

    private Pair certificate(String file, String subject, List<String> names, List<KeyPurposeId> purposes)
            throws IOException {
        return certificate(file, subject, names, purposes, false);
    }

    private Pair certificate(String file, String subject, List<String> names, List<KeyPurposeId> purposes, boolean rsa)
            throws IOException {
        var wanted = subject + " " + names;
        var note = directory.resolve(file + ".subject");
        if (Files.exists(note) && Files.readString(note).equals(wanted)) {
            return new Pair(
                    Files.readString(directory.resolve(file + ".crt")),
                    Files.readString(directory.resolve(file + ".key")));
        }
        try {
            var key = rsa ? generateRsa() : generate();
            var certificate = sign(subject, key, names, false, purposes);
            var text = rsa ? traditional(key.getPrivate()) : pem(key.getPrivate());
            write(file + ".key", text);
            write(file + ".crt", pem(certificate));
            write(file + ".subject", wanted);
            return new Pair(pem(certificate), text);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make the certificate " + file + ": " + e.getMessage(), e);
        }
    }

    /// The key that signs service-account tokens.
    public KeyPair serviceAccountKey() {
        try {
            var file = directory.resolve("sa.key");
            if (!Files.exists(file)) {
                write("sa.key", pem(generateRsa().getPrivate()));
            }
            return readKey(file);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                    "cannot make or read the service-account key in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// A certificate for a key that somebody else holds.
    ///
    /// @param usages in Kubernetes' words, such as `client auth`
    String sign(CertificateRequest request, List<String> usages, Duration validity, Instant at, BigInteger serial) {
        try {
            var builder = new X509v3CertificateBuilder(
                    new X500Name(authority.getSubjectX500Principal().getName()),
                    serial,
                    Date.from(at.minus(Duration.ofMinutes(5))),
                    Date.from(end(at.plus(validity))),
                    RequestedNames.subject(request.subject()),
                    SubjectPublicKeyInfo.getInstance(request.key()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            int keyUsage = (usages.contains("digital signature") ? KeyUsage.digitalSignature : 0)
                    | (usages.contains("key encipherment") ? KeyUsage.keyEncipherment : 0);
            if (keyUsage != 0) builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
            var purposes = new ArrayList<KeyPurposeId>();
            if (usages.contains("client auth")) purposes.add(KeyPurposeId.id_kp_clientAuth);
            if (usages.contains("server auth")) purposes.add(KeyPurposeId.id_kp_serverAuth);
            if (!purposes.isEmpty())
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            var names = RequestedNames.alternatives(request.names());
            if (names.getNames().length > 0) builder.addExtension(Extension.subjectAlternativeName, false, names);
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate());
            return pem(new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalArgumentException("cannot be signed: " + e.getMessage(), e);
        }
    }

    /// No certificate outlives the authority that it rests on.
    private Instant end(Instant wanted) {
        var last = authority.getNotAfter().toInstant();
        return wanted.isAfter(last) ? last : wanted;
    }

    private KeyPair generateRsa() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048, random);
        return generator.generateKeyPair();
    }

    private KeyPair generate() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private X509Certificate sign(
            String subject, KeyPair key, List<String> names, boolean isAuthority, List<KeyPurposeId> purposes)
            throws GeneralSecurityException, OperatorCreationException, CertIOException {
        var name = new X500Name(subject);
        var issuer = isAuthority
                ? name
                : new X500Name(authority.getSubjectX500Principal().getName());
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, random),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(VALIDITY)),
                name,
                key.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        builder.addExtension(
                Extension.keyUsage,
                true,
                new KeyUsage(
                        isAuthority
                                ? KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature
                                : KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        if (!purposes.isEmpty())
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        if (!names.isEmpty()) builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                .build(isAuthority ? key.getPrivate() : authorityKey.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }

    private static GeneralNames alternatives(List<String> names) {
        var result = new ArrayList<GeneralName>();
        for (var name : names) {
            boolean address = name.matches("[0-9.]+") || name.contains(":");
            result.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        return new GeneralNames(result.toArray(GeneralName[]::new));
    }

    private static String traditional(PrivateKey key) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(key);
        }
        return text.toString();
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
        }
        return text.toString();
    }

    private static KeyPair readKey(Path file) throws IOException, GeneralSecurityException {
        try (var parser = new PEMParser(new StringReader(Files.readString(file)))) {
            var converter = new JcaPEMKeyConverter();
            var object = parser.readObject();
            if (object instanceof PEMKeyPair pair) return converter.getKeyPair(pair);
            var key = converter.getPrivateKey((PrivateKeyInfo) object);
            if (key instanceof RSAPrivateCrtKey rsa) {
                var publicKey = KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
                return new KeyPair((RSAPublicKey) publicKey, key);
            }
            return new KeyPair(null, key);
        }
    }

    private void write(String name, String text) throws IOException {
        AtomicFile.write(directory.resolve(name), text.getBytes(StandardCharsets.US_ASCII), "rw-------");
    }
}
