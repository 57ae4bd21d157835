package io.navarch.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    @TempDir
    Path directory;

    private Pki pki;

    @BeforeEach
    void open() throws IOException {
        pki = new Pki(directory, NOW);
    }

    private static X509Certificate certificate(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private X509Certificate signed(String pem) throws GeneralSecurityException {
        var certificate = certificate(pem);
        certificate.verify(certificate(pki.authorityPem()).getPublicKey());
        return certificate;
    }

    @Test
    void aServerHasItsNamesAndAddresses() throws Exception {
        var certificate = signed(pki.server("apiserver", "kube-apiserver", List.of("kubernetes", "10.0.0.1"))
                .certificate());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=kube-apiserver");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "kubernetes"), List.of(7, "10.0.0.1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        certificate.checkValidity(Date.from(NOW));
    }

    @Test
    void aClientIsAUserInGroups() throws Exception {
        var certificate =
                signed(pki.client("node", "system:node:a", "system:nodes").certificate());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=system:node:a,O=system:nodes");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    }

    @Test
    void theAdministratorsKeyHasTheFormThatEveryClientReads() throws Exception {
        var administrator = pki.administrator("system:masters");
        assertThat(administrator.key()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(signed(administrator.certificate()).getSubjectX500Principal().getName())
                .isEqualTo("CN=kubernetes-admin,O=system:masters");
    }

    @Test
    void whatExistsIsUsedAgainUntilItsNamesChange() throws Exception {
        var first = pki.server("apiserver", "kube-apiserver", List.of("a"));
        var again = new Pki(directory, NOW.plusSeconds(1));
        assertThat(again.authorityPem()).isEqualTo(pki.authorityPem());
        assertThat(again.server("apiserver", "kube-apiserver", List.of("a"))).isEqualTo(first);
        assertThat(again.server("apiserver", "kube-apiserver", List.of("a", "b")))
                .isNotEqualTo(first);
        assertThat(again.serviceAccountKey().getPrivate())
                .isEqualTo(pki.serviceAccountKey().getPrivate());
    }

    @Test
    void theServiceAccountKeyHasBothHalvesAfterAStart() {
        pki.serviceAccountKey();
        assertThat(pki.serviceAccountKey().getPublic()).isNotNull();
    }

    @Test
    void nobodyElseReadsTheFiles() throws IOException {
        pki.administrator("system:masters");
        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Files.writeString(directory.resolve("ca.crt"), "rubbish");
        assertThatThrownBy(() -> new Pki(directory, NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString());
    }

    private static String request(String subject, String... dnsNames) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var key = generator.generateKeyPair();
        var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
        if (dnsNames.length > 0) {
            var names = new GeneralName[dnsNames.length];
            for (int i = 0; i < names.length; i++) names[i] = new GeneralName(GeneralName.dNSName, dnsNames[i]);
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        }
        return text.toString();
    }

    private CertificateSigner signer() {
        return new CertificateSigner(pki);
    }

    @Test
    void aRequestSaysWhoAsksForWhat() throws Exception {
        var read = signer().read(request("O=system:nodes,CN=system:node:a", "a.example", "b.example"));
        assertThat(read.commonName()).isEqualTo("system:node:a");
        assertThat(read.toString()).contains("system:nodes", "a.example", "b.example");
        assertThat(signer().read(request("O=only")).commonName()).isEmpty();
    }

    @Test
    void aSignedRequestHasItsUsagesNamesAndTerm() throws Exception {
        var usages = List.of("digital signature", "key encipherment", "server auth", "client auth");
        var certificate = signed(signer().sign(
                        request("CN=system:node:a", "a.example"), usages, Duration.ofHours(1), NOW, BigInteger.TWO));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
        assertThat(certificate.getExtendedKeyUsage()).containsExactlyInAnyOrder(CLIENT_AUTH, SERVER_AUTH);
        assertThat(certificate.getKeyUsage()[0]).isTrue();
        assertThat(certificate.getKeyUsage()[2]).isTrue();
        assertThat(certificate.getKeyUsage()[5]).isFalse();
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "a.example"));
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertThatThrownBy(() -> signer().read("rubbish"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a certificate request");
    }
}
