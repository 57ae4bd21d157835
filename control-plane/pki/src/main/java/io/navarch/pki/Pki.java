package io.navarch.pki;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/// The cluster's authority and the certificates it signs, in one directory: `ca.crt` and `ca.key`, and for each of the
/// cluster's own certificates a file `NAME.pem` with the key and the certificate.
///
/// Whoever uses a certificate asks for it again from time to time, and gets the same one until it is time for another.
public final class Pki {
    private static final String END = ".pem";

    /// The name of the administrator's certificate.
    private static final String ADMINISTRATOR = "admin";

    private static final String AUTHORITY = "navarch-ca";
    private static final String FRONT_PROXY = "front-proxy";

    /// PEM texts.
    ///
    /// @param certificate with what leads from it to an authority that clients may know from before
    public record Pair(String certificate, String key) {}

    private final PkiFiles files;
    private final String name;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Keys keys = new Keys(random);
    private volatile Authorities authorities;
    /// What files were when they were read last, by their names: they are looked at often and change seldom.
    private final Map<String, Present> read = new ConcurrentHashMap<>();
    private volatile Optional<PresentKeys> readKeys = Optional.empty();

    public Pki(Path directory, InstantSource clock) throws IOException {
        this(directory, AUTHORITY, clock, Optional.empty());
    }

    /// @param beside makes the administrator's key, which takes long, of a directory that does not have it yet, while
    /// the caller does other things
    public Pki(Path directory, InstantSource clock, Executor beside) throws IOException {
        this(directory, AUTHORITY, clock, Optional.of(beside));
    }

    private Pki(Path directory, String name, InstantSource clock, Optional<Executor> beside) throws IOException {
        this.files = new PkiFiles(directory);
        this.name = name;
        this.clock = clock;
        int missing = files.exists(ADMINISTRATOR + END) ? 0 : 1;
        beside.ifPresent(executor -> keys.begin(missing, executor));
        authorities = changed(() -> Authorities.open(files, name, keys, random, clock.instant()));
    }

    /// The authority that signs what the API server shows to extension API servers, and nothing else: they believe
    /// whoever has such a certificate who calls.
    public Pki frontProxy() throws IOException {
        return new Pki(files.directory().resolve(FRONT_PROXY), "navarch-front-proxy-ca", clock, Optional.empty());
    }

    /// Whether that authority was made.
    public boolean hasFrontProxy() {
        return files.exists(FRONT_PROXY);
    }

    /// Reads again what the commands may have changed.
    public void refresh() throws IOException {
        if (!files.read("ca.crt").equals(authorityPem())
                || files.exists("ca-link.crt") == authorities.links().isEmpty())
            authorities = changed(() -> Authorities.read(files));
    }

    /// All authorities that are trusted.
    public String authorityPem() {
        return authorities.pem();
    }

    /// A server certificate for these DNS names and IP addresses.
    public Pair server(String file, String name, List<String> names) throws IOException {
        return pair(Leaf.server(file, name, names));
    }

    /// A client certificate for a user in these groups.
    public Pair client(String file, String user, String... groups) throws IOException {
        return pair(Leaf.client(file, user, List.of(groups), false));
    }

    /// The administrator's certificate. Its key has the one form that every client library reads: RSA in PKCS #1.
    public Pair administrator(String group) throws IOException {
        return pair(Leaf.client(ADMINISTRATOR, "kubernetes-admin", List.of(group), true));
    }

    /// The pair in the file, as long as it is what is wanted; otherwise a new one, which is in the file then.
    private Pair pair(Leaf leaf) throws IOException {
        var known = authorities;
        // Most look-ups change nothing, and need no lock: a file is never half written.
        var present = present(leaf.file());
        if (present.isPresent() && current(leaf, present.get(), known))
            return present.get().pair();
        // Nobody waits for the lock while a key is made.
        var key = key(leaf);
        return changed(() -> {
            authorities = authorities.again(files);
            var again = present(leaf.file());
            if (again.isPresent() && current(leaf, again.get(), authorities))
                return again.get().pair();
            return make(leaf, key);
        });
    }

    private KeyPair key(Leaf leaf) throws IOException {
        try {
            return leaf.administrator() ? keys.rsa() : keys.elliptic();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private boolean current(Leaf leaf, Present present, Authorities known) throws IOException {
        return leaf.outdated(present.certificate, present.links, present.made, known, clock.instant())
                .isEmpty();
    }

    /// @param text of the file
    private record PresentKeys(String text, ServiceAccountKeys keys) {}

    /// What a file says.
    ///
    /// @param text of the file
    /// @param made what the certificate was made for
    private record Present(
            String text, Pair pair, X509Certificate certificate, List<X509Certificate> links, Leaf made) {}

    /// Empty when there is no such file, or nothing in it that could be used.
    private Optional<Present> present(String file) throws IOException {
        if (!files.exists(file + END)) return Optional.empty();
        var text = files.read(file + END);
        var before = read.get(file);
        if (before != null && before.text.equals(text)) return Optional.of(before);
        try {
            var blocks = Keys.read(text);
            if (blocks.certificates().isEmpty() || blocks.key().isEmpty()) return Optional.empty();
            var certificate = blocks.certificates().getFirst();
            if (!Keys.match(blocks.key().get(), certificate.getPublicKey())) return Optional.empty();
            int end = text.indexOf("-----BEGIN CERTIFICATE");
            var present = new Present(
                    text,
                    new Pair(text.substring(end), text.substring(0, end)),
                    certificate,
                    blocks.certificates().subList(1, blocks.certificates().size()),
                    Leaf.of(file, new JcaX509CertificateHolder(certificate), file.equals(ADMINISTRATOR)));
            read.put(file, present);
            return Optional.of(present);
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Pair make(Leaf leaf, KeyPair key) throws IOException, GeneralSecurityException {
        var now = clock.instant();
        var signing = authorities.signing();
        var certificate = signing.sign(new Authority.Contents(
                leaf.subject(),
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()),
                now.minus(Authority.SKEW),
                signing.end(now.plus(leaf.life())),
                Authorities.serial(random),
                false,
                KeyUsage.digitalSignature | KeyUsage.keyEncipherment,
                List.copyOf(leaf.purposes()),
                new GeneralNames(leaf.names().toArray(GeneralName[]::new))));
        var secret = leaf.administrator() ? Keys.traditional(key.getPrivate()) : Keys.pem(key.getPrivate());
        var shown = Keys.pem(certificate) + Authorities.pem(authorities.links());
        files.write(leaf.file() + END, secret + shown);
        // Earlier versions had a file for each half, and a third one.
        for (var old : List.of(".key", ".crt", ".subject")) files.delete(leaf.file() + old);
        return new Pair(shown, secret);
    }

    /// New certificates for all that there are, whether it is time or not.
    ///
    /// @return their names
    public List<String> renew() throws IOException {
        return changed(() -> {
            authorities = Authorities.read(files);
            return renewAll();
        });
    }

    private List<String> renewAll() throws IOException, GeneralSecurityException {
        var renewed = new ArrayList<String>();
        for (var name : files.ending(END)) {
            var present = present(name);
            if (present.isEmpty()) continue;
            var leaf = present.get().made;
            make(leaf, key(leaf));
            renewed.add(name);
        }
        return renewed;
    }

    /// A new authority signs from now on, and all certificates are its; those before it stay trusted.
    public List<String> exchangeAuthority() throws IOException {
        return changed(() -> {
            authorities = Authorities.read(files).exchange(files, name, keys, random, clock.instant());
            return renewAll();
        });
    }

    /// Only the authority that signs is trusted from now on.
    ///
    /// @return how many are not trusted any more
    public int retireAuthorities() throws IOException {
        return changed(() -> {
            var before = Authorities.read(files);
            authorities = before.retire(files);
            renewAll();
            return before.trusted().size() - 1;
        });
    }

    /// Whether [#serviceAccountKeys] has nothing to make: they are there, or were and are not made a second time.
    public boolean hasServiceAccountKeys() {
        return files.exists(ServiceAccountKeys.FILE) || ServiceAccountKeys.lost(files);
    }

    /// A key of tokens for a cluster that has lost the one it had. Tokens of before are void.
    ///
    /// @return whether it had
    public boolean replaceLostServiceAccountKey() throws IOException {
        return changed(() -> {
            if (!ServiceAccountKeys.lost(files)) return false;
            ServiceAccountKeys.first(keys).write(files);
            return true;
        });
    }

    /// The keys of service-account tokens, as the file has them now.
    public ServiceAccountKeys serviceAccountKeys() throws IOException {
        var before = readKeys;
        boolean lost = ServiceAccountKeys.lost(files) || before.isPresent() && !files.exists(ServiceAccountKeys.FILE);
        if (lost)
            throw new IOException("cannot read the cluster's keys in " + files.directory() + ": "
                    + ServiceAccountKeys.missing(files).getMessage());
        if (before.isPresent() && files.read(ServiceAccountKeys.FILE).equals(before.get().text))
            return before.get().keys;
        var first = files.exists(ServiceAccountKeys.FILE) ? Optional.<ServiceAccountKeys>empty() : firstKeys();
        return changed(() -> {
            if (first.isPresent() && !files.exists(ServiceAccountKeys.FILE))
                first.get().write(files);
            var opened = ServiceAccountKeys.open(files, keys);
            readKeys = Optional.of(new PresentKeys(files.read(ServiceAccountKeys.FILE), opened));
            return opened;
        });
    }

    private Optional<ServiceAccountKeys> firstKeys() throws IOException {
        try {
            return Optional.of(ServiceAccountKeys.first(keys));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// A new key signs tokens from now on; tokens of those before it stay valid.
    public void exchangeServiceAccountKey() throws IOException {
        changed(() -> {
            ServiceAccountKeys.open(files, keys).exchange(keys).write(files);
            return true;
        });
    }

    /// Tokens are valid only if they are of the key that signs.
    ///
    /// @return how many keys are not valid any more
    public int retireServiceAccountKeys() throws IOException {
        return changed(() -> {
            var known = ServiceAccountKeys.open(files, keys);
            known.retire().write(files);
            return known.former().size();
        });
    }

    /// Every certificate that there is.
    public List<CertificateEntry> entries() throws IOException {
        var entries = new ArrayList<CertificateEntry>();
        for (var name : files.ending(END))
            present(name).ifPresent(present -> entries.add(entry(name, present.certificate, false)));
        for (var each : authorities.trusted()) entries.add(entry("ca", each, true));
        return entries;
    }

    private static CertificateEntry entry(String name, X509Certificate certificate, boolean authority) {
        var signer = certificate.getIssuerX500Principal().getName().replaceFirst("^CN=", "");
        return new CertificateEntry(name, certificate.getNotAfter().toInstant(), signer, authority);
    }

    /// A certificate for a key that somebody else holds.
    ///
    /// @param usages in Kubernetes' words, such as `client auth`
    String sign(CertificateRequest request, List<String> usages, Duration validity, Instant at, BigInteger serial) {
        try {
            var purposes = new ArrayList<KeyPurposeId>();
            if (usages.contains("client auth")) purposes.add(KeyPurposeId.id_kp_clientAuth);
            if (usages.contains("server auth")) purposes.add(KeyPurposeId.id_kp_serverAuth);
            int keyUsage = (usages.contains("digital signature") ? KeyUsage.digitalSignature : 0)
                    | (usages.contains("key encipherment") ? KeyUsage.keyEncipherment : 0);
            var signing = authorities.signing();
            var certificate = signing.sign(new Authority.Contents(
                    RequestedNames.subject(request.subject()),
                    SubjectPublicKeyInfo.getInstance(request.key()),
                    at.minus(Authority.SKEW),
                    signing.end(at.plus(validity)),
                    serial,
                    false,
                    keyUsage,
                    purposes,
                    RequestedNames.alternatives(request.names())));
            return Keys.pem(certificate) + Authorities.pem(authorities.links());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("cannot be signed: " + e.getMessage(), e);
        }
    }

    private interface Change<T> {
        T make() throws IOException, GeneralSecurityException;
    }

    private <T> T changed(Change<T> change) throws IOException {
        return files.locked(() -> {
            try {
                return change.make();
            } catch (GeneralSecurityException | IOException e) {
                throw new IOException(
                        "cannot make or read the cluster's certificates in " + files.directory() + ": "
                                + e.getMessage(),
                        e);
            }
        });
    }
}
