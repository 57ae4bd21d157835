package io.navarch.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Who signs certificates: a certificate of its own and its key.
record Authority(X509Certificate certificate, PrivateKey key) {
    /// The first one, and each that takes its place.
    static final Duration LIFE = Duration.ofDays(3650);

    /// How far behind the clocks of others may be: certificates are valid that long before they are made.
    static final Duration SKEW = Duration.ofMinutes(5);

    private static final int AUTHORITY_USAGE = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;

    /// What a certificate says.
    ///
    /// @param keyUsage bits of [KeyUsage]; 0 for none
    /// @param alternatives of the subject; none if there are no names in it
    record Contents(
            X500Name subject,
            SubjectPublicKeyInfo key,
            Instant from,
            Instant until,
            BigInteger serial,
            boolean authority,
            int keyUsage,
            List<KeyPurposeId> purposes,
            GeneralNames alternatives) {}

    static Authority make(String name, KeyPair key, Instant now, BigInteger serial)
            throws IOException, GeneralSecurityException {
        var subject = new X500Name("CN=" + name);
        var contents = contents(
                subject, SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()), now, serial);
        return new Authority(sign(contents, subject, contents.key, key.getPrivate()), key.getPrivate());
    }

    /// The certificate of another authority as this one vouches for it: whoever trusts this one trusts that one.
    X509Certificate vouch(Authority other, Instant now, BigInteger serial)
            throws IOException, GeneralSecurityException {
        var contents = contents(name(other.certificate), key(other.certificate), now, serial);
        return sign(contents);
    }

    private static Contents contents(X500Name subject, SubjectPublicKeyInfo key, Instant now, BigInteger serial) {
        return new Contents(
                subject,
                key,
                now.minus(SKEW),
                now.plus(LIFE),
                serial,
                true,
                AUTHORITY_USAGE,
                List.of(),
                new GeneralNames(new GeneralName[0]));
    }

    /// No certificate outlives the authority that it rests on.
    Instant end(Instant wanted) {
        var last = certificate.getNotAfter().toInstant();
        return wanted.isAfter(last) ? last : wanted;
    }

    X509Certificate sign(Contents contents) throws IOException, GeneralSecurityException {
        return sign(contents, name(certificate), key(certificate), key);
    }

    private static X509Certificate sign(
            Contents contents, X500Name issuer, SubjectPublicKeyInfo issuerKey, PrivateKey signing)
            throws IOException, GeneralSecurityException {
        var builder = new X509v3CertificateBuilder(
                issuer, contents.serial, time(contents.from), time(contents.until), contents.subject, contents.key);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(contents.authority));
        if (contents.keyUsage != 0) builder.addExtension(Extension.keyUsage, true, new KeyUsage(contents.keyUsage));
        if (!contents.purposes.isEmpty())
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(contents.purposes.toArray(KeyPurposeId[]::new)));
        if (contents.alternatives.getNames().length > 0)
            builder.addExtension(Extension.subjectAlternativeName, false, contents.alternatives);
        // With several authorities, readers find the right one by its key.
        var identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerKey));
        if (contents.authority)
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(contents.key));
        try {
            var signer = new JcaContentSignerBuilder(Keys.algorithm(signing)).build(signing);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    /// As certificates write it: with two digits of the year until 2049. Made of its bytes, because dates and texts
    /// would be parsed with what the JDK knows of languages, and loading that takes as long as all else about a
    /// certificate.
    private static Time time(Instant instant) throws IOException {
        var digits = instant.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:T]", "");
        boolean near = digits.compareTo("2050") < 0;
        var text = (near ? digits.substring(2) : digits).getBytes(StandardCharsets.US_ASCII);
        var encoded = new byte[text.length + 2];
        encoded[0] = (byte) (near ? BERTags.UTC_TIME : BERTags.GENERALIZED_TIME);
        encoded[1] = (byte) text.length;
        System.arraycopy(text, 0, encoded, 2, text.length);
        return Time.getInstance(ASN1Primitive.fromByteArray(encoded));
    }

    static X500Name name(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static SubjectPublicKeyInfo key(X509Certificate certificate) {
        return SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
    }
}
