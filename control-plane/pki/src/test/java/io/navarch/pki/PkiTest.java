package io.navarch.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERT61String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PkiTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    @TempDir
    Path directory;

    private Pki pki;

    @BeforeEach
    void open() throws IOException {
        pki = new Pki(directory, () -> NOW);
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
        var again = new Pki(directory, () -> NOW.plusSeconds(1));
        assertThat(again.authorityPem()).isEqualTo(pki.authorityPem());
        assertThat(again.server("apiserver", "kube-apiserver", List.of("a"))).isEqualTo(first);
        assertThat(again.server("apiserver", "kube-apiserver", List.of("a", "b")))
                .isNotEqualTo(first);
        assertThat(again.serviceAccountKeys().signing())
                .isEqualTo(pki.serviceAccountKeys().signing());
    }

    @Test
    void theServiceAccountKeyHasBothHalvesAfterAStart() throws IOException {
        pki.serviceAccountKeys();
        assertThat(pki.serviceAccountKeys().own()).isNotNull();
    }

    /// Certificates write years in two forms.
    @ParameterizedTest
    @ValueSource(
            strings = {"2026-06-01T12:00:00Z", "2049-11-30T00:00:00Z", "2050-01-01T00:10:00Z", "2063-02-28T23:59:59.9Z"
            })
    void aCertificateBeginsAndEndsInEveryYear(String time) throws Exception {
        var now = Instant.parse(time);
        var second = now.truncatedTo(ChronoUnit.SECONDS);
        var other = new Pki(directory.resolve("other"), () -> now);
        var authority = certificate(other.authorityPem());
        assertThat(authority.getNotBefore().toInstant()).isEqualTo(second.minus(Duration.ofMinutes(5)));
        assertThat(authority.getNotAfter().toInstant()).isEqualTo(second.plus(Duration.ofDays(3650)));
        var client = certificate(other.client("a", "a").certificate());
        assertThat(client.getNotAfter().toInstant()).isEqualTo(second.plus(Duration.ofDays(90)));
    }

    /// Keys that were begun before they were wanted are each somebody's own, and the same from then on.
    @Test
    void keysAreMadeBesideOtherThings() throws Exception {
        var begun = new ArrayList<Runnable>();
        var other = directory.resolve("other");
        var beside = new Pki(other, () -> NOW, begun::add);
        assertThat(begun).hasSize(1);
        beside.server("apiserver", "kube-apiserver", List.of("a"));
        for (var task : begun) task.run();
        var tokens = beside.serviceAccountKeys();
        var administrator = beside.administrator("system:masters");
        assertThat(certificate(administrator.certificate()).getPublicKey()).isNotEqualTo(tokens.own());
        var again = new Pki(other, () -> NOW, task -> {
            throw new AssertionError("all keys are there");
        });
        assertThat(again.administrator("system:masters")).isEqualTo(administrator);
        assertThat(again.serviceAccountKeys().own()).isEqualTo(tokens.own());
        beside.exchangeServiceAccountKey();
        assertThat(again.serviceAccountKeys().own()).isNotEqualTo(tokens.own());
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
        assertThatThrownBy(() -> new Pki(directory, () -> NOW))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString());
    }

    private Pki at(Instant time) throws IOException {
        return new Pki(directory, () -> time);
    }

    private static Pki.Pair serving(Pki at) throws IOException {
        return at.server("apiserver", "kube-apiserver", List.of("a"));
    }

    @Test
    void certificatesBeginBeforeTheyAreMadeAndDoNotLiveLong() throws Exception {
        for (var pair : List.of(serving(pki), pki.client("node", "node"), pki.administrator("system:masters"))) {
            var made = certificate(pair.certificate());
            assertThat(made.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofMinutes(5)));
        }
        assertThat(certificate(serving(pki).certificate()).getNotAfter().toInstant())
                .isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(certificate(pki.administrator("system:masters").certificate())
                        .getNotAfter()
                        .toInstant())
                .isEqualTo(NOW.plus(Duration.ofDays(365)));
    }

    @Test
    void whatIsInUseIsRenewedWhenTwoThirdsOfItsLifeAreOver() throws Exception {
        var first = serving(pki);
        assertThat(serving(at(NOW.plus(Duration.ofDays(59))))).isEqualTo(first);
        var later = NOW.plus(Duration.ofDays(61));
        var second = serving(at(later));
        assertThat(second).isNotEqualTo(first);
        signed(second.certificate()).checkValidity(Date.from(later.plus(Duration.ofDays(89))));
        assertThat(serving(at(later))).isEqualTo(second);
    }

    /// Also one whose clock went wrong while it was made.
    @Test
    void aClusterThatWasStoppedForLongComesBack() throws Exception {
        var authority = pki.authorityPem();
        serving(pki);
        pki.administrator("system:masters");
        for (var days : List.of(400, -400)) {
            var now = NOW.plus(Duration.ofDays(days));
            var again = at(now);
            assertThat(again.authorityPem()).isEqualTo(authority);
            certificate(serving(again).certificate()).checkValidity(Date.from(now));
            certificate(again.administrator("system:masters").certificate()).checkValidity(Date.from(now));
        }
    }

    @Test
    void nothingIsRenewedOverAndOverWhenTheAuthorityEnds() throws Exception {
        var late = NOW.plus(Duration.ofDays(3600));
        var last = serving(at(late));
        assertThat(serving(at(late.plus(Duration.ofDays(45))))).isEqualTo(last);
    }

    @Test
    void aFileThatIsDamagedIsMadeAnew() throws Exception {
        var first = serving(pki);
        var other = pki.client("node", "node");
        for (var text : List.of("", "rubbish", first.certificate(), other.key() + first.certificate())) {
            Files.writeString(directory.resolve("apiserver.pem"), text);
            var made = serving(pki);
            assertThat(Keys.match(
                            Keys.read(made.key()).key().orElseThrow(),
                            certificate(made.certificate()).getPublicKey()))
                    .isTrue();
        }
    }

    @Test
    void aNewAuthorityIsKnownThroughTheOldOneUntilThatIsRetired() throws Exception {
        var old = certificate(pki.authorityPem());
        var before = serving(pki);
        assertThat(pki.exchangeAuthority()).containsExactly("apiserver");
        var known = Keys.read(pki.authorityPem()).certificates();
        assertThat(known).hasSize(2).contains(old);
        var chain = Keys.read(serving(pki).certificate()).certificates();
        assertThat(serving(pki)).isNotEqualTo(before);
        assertThat(chain).hasSize(2);
        chain.getFirst().verify(known.getFirst().getPublicKey());
        // Whoever trusts only the old one finds it through the second.
        chain.getFirst().verify(chain.get(1).getPublicKey());
        chain.get(1).verify(old.getPublicKey());
        assertThat(serving(at(NOW))).isEqualTo(serving(pki));
        assertThat(pki.retireAuthorities()).isEqualTo(1);
        assertThat(pki.authorityPem()).isEqualTo(Keys.pem(known.getFirst()));
        assertThat(Keys.read(serving(pki).certificate()).certificates()).hasSize(1);
        assertThat(pki.entries())
                .extracting(CertificateEntry::name, CertificateEntry::signer)
                .containsExactly(
                        tuple("apiserver", "navarch-ca@" + NOW.getEpochSecond()),
                        tuple("ca", "navarch-ca@" + NOW.getEpochSecond()));
    }

    /// Wherever an exchange is cut off, what is in the files works, and it can be done again.
    @Test
    void anExchangeThatIsCutOffLeavesAuthoritiesThatWork() throws Exception {
        serving(pki);
        var key = Files.readString(directory.resolve("ca.key"));
        pki.exchangeAuthority();
        Files.writeString(directory.resolve("ca.key"), key);
        var again = at(NOW.plusSeconds(1));
        certificate(serving(again).certificate())
                .verify(certificate(again.authorityPem()).getPublicKey());
        assertThat(Keys.read(serving(again).certificate()).certificates()).hasSize(1);
        again.exchangeAuthority();
        again.retireAuthorities();
        assertThat(Keys.read(again.authorityPem()).certificates()).hasSize(1);
    }

    @Test
    void theServerFollowsWhatCommandsDo() throws Exception {
        var before = serving(pki);
        at(NOW).renew();
        assertThat(serving(pki)).isNotEqualTo(before);
        at(NOW).exchangeAuthority();
        pki.refresh();
        assertThat(Keys.read(pki.authorityPem()).certificates()).hasSize(2);
        at(NOW).retireAuthorities();
        pki.refresh();
        assertThat(Keys.read(pki.authorityPem()).certificates()).hasSize(1);
    }

    @Test
    void formerTokenKeysAreKeptUntilTheyAreRetired() throws Exception {
        var first = pki.serviceAccountKeys();
        pki.exchangeServiceAccountKey();
        pki.exchangeServiceAccountKey();
        var third = at(NOW).serviceAccountKeys();
        assertThat(third.former()).hasSize(2).contains(first.own()).doesNotContain(third.own());
        assertThat(pki.retireServiceAccountKeys()).isEqualTo(2);
        assertThat(pki.serviceAccountKeys()).isEqualTo(new ServiceAccountKeys(third.signing(), third.own(), List.of()));
    }

    /// As on a disk that is full: what is there stays, and the next look tries again.
    @Test
    void whatCannotBeWrittenLeavesWhatWasThere() throws Exception {
        var first = serving(pki);
        var text = Files.readString(directory.resolve("apiserver.pem"));
        var moved = directory.resolveSibling(directory.getFileName() + "-moved");
        Files.move(directory, moved);
        Files.createFile(directory);
        assertThatThrownBy(() -> serving(pki)).isInstanceOf(IOException.class);
        Files.delete(directory);
        Files.move(moved, directory);
        assertThat(Files.readString(directory.resolve("apiserver.pem"))).isEqualTo(text);
        assertThat(serving(pki)).isEqualTo(first);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".lock", "ca.crt", "ca.key", "apiserver.pem");
        }
    }

    private static byte[] request(X500Name subject, String... dnsNames) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var key = generator.generateKeyPair();
        var builder = new JcaPKCS10CertificationRequestBuilder(subject, key.getPublic());
        if (dnsNames.length > 0) {
            var names = new GeneralName[dnsNames.length];
            for (int i = 0; i < names.length; i++) names[i] = new GeneralName(GeneralName.dNSName, dnsNames[i]);
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
        }
        return pem(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    }

    private static byte[] pem(PKCS10CertificationRequest request) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(request);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] request(String subject, String... dnsNames) throws Exception {
        return request(new X500Name(subject), dnsNames);
    }

    private CertificateSigner signer() {
        return new CertificateSigner(pki);
    }

    private X509Certificate signed(byte[] request, Duration validity, String... usages) throws Exception {
        var read = signer().read(request);
        return signed(signer().sign(read, List.of(usages), validity, NOW, BigInteger.TWO));
    }

    @Test
    void aRequestSaysWhoAsksForWhat() throws Exception {
        var read = signer().read(request("O=system:nodes,CN=system:node:a", "a.example", "b.example"));
        assertThat(read.commonName()).isEqualTo("system:node:a");
        assertThat(read.organizations()).containsExactly("system:nodes");
        assertThat(read.names().dns()).containsExactly("a.example", "b.example");
        assertThat(signer().read(request("O=only")).commonName()).isEmpty();
    }

    @Test
    void aSignedRequestHasItsUsagesNamesAndTerm() throws Exception {
        var usages = new String[] {"digital signature", "key encipherment", "server auth", "client auth"};
        var certificate =
                signed(request("O=b,O=\\#0403,CN=system:node:a,2.5.4.99=x", "a.example"), Duration.ofHours(1), usages);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=system:node:a,O=\\#0403,O=b");
        assertThat(certificate.getExtendedKeyUsage()).containsExactlyInAnyOrder(CLIENT_AUTH, SERVER_AUTH);
        assertThat(certificate.getKeyUsage()[0]).isTrue();
        assertThat(certificate.getKeyUsage()[2]).isTrue();
        assertThat(certificate.getKeyUsage()[5]).isFalse();
        assertThat(certificate.getSubjectAlternativeNames()).containsExactly(List.of(2, "a.example"));
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void noCertificateOutlivesItsAuthority() throws Exception {
        var certificate = signed(request("CN=a"), Duration.ofDays(100_000), "client auth");
        assertThat(certificate.getNotAfter())
                .isEqualTo(certificate(pki.authorityPem()).getNotAfter());
    }

    /// What is seen of a request is what is signed, however it is written down.
    @Test
    void whatComesAfterARequestChangesNothing() throws Exception {
        var masters = new String(request("O=system:masters,CN=eve"), StandardCharsets.US_ASCII);
        var mallory = new String(request("O=mallory,CN=eve"), StandardCharsets.US_ASCII);
        for (var text : List.of(masters + "=AAAA", masters + mallory, "text\n" + masters, masters + "\0-----BEGIN")) {
            var read = signer().read(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(read.organizations()).containsExactly("system:masters");
        }
    }

    @Test
    void whatCouldBeReadInTwoWaysIsRefused() throws Exception {
        refused(request("O=system:nodes,CN=system:node:n1,CN=system:kube-controller-manager"), "common name");
        for (var odd : List.of(new DERBMPString("system:masters"), new DERT61String("system:masters")))
            refused(request(new X500NameBuilder().addRDN(BCStyle.O, odd).build()), "unsupported string type");
        refused(
                request(new X500NameBuilder()
                        .addRDN(BCStyle.CN, new DERUTF8String("a\0b"))
                        .build()),
                "control");
        refused("rubbish".getBytes(StandardCharsets.US_ASCII), "PEM block type must be CERTIFICATE REQUEST");
        refused(
                new String(request("CN=a"), StandardCharsets.US_ASCII)
                        .replace("CERTIFICATE REQUEST", "CERTIFICATE")
                        .getBytes(StandardCharsets.US_ASCII),
                "PEM block type must be CERTIFICATE REQUEST");
    }

    private void refused(byte[] request, String why) {
        assertThatThrownBy(() -> signer().read(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    /// No bit of a request can be another one; and nothing that is sent ends in anything but a refusal.
    @Test
    void changedRequestsAreRefused() throws Exception {
        var der = Base64.getMimeDecoder()
                .decode(new String(request("O=system:nodes,CN=system:node:a", "a.example"), StandardCharsets.US_ASCII)
                        .replaceAll("-----[A-Z ]+-----", ""));
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            var changed = der.clone();
            changed[random.nextInt(der.length)] ^= (byte) (1 << random.nextInt(8));
            var sent = i % 4 == 0 ? Arrays.copyOf(der, i % der.length) : changed;
            if (i == 1) sent = Arrays.copyOf(der, der.length + 1);
            refused(block(sent), "");
        }
        assertThat(signer().read(block(der)).commonName()).isEqualTo("system:node:a");
    }

    private static byte[] block(byte[] der) {
        return ("-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE REQUEST-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
