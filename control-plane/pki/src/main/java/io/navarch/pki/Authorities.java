package io.navarch.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The authority that signs, and those that are trusted beside it.
///
/// When the authority is exchanged, the new one is trusted beside the old one for a while. The old one vouches for the
/// new one, and servers show that with their certificates: whoever trusts only the old one goes on without noticing.
///
/// Three files, each written at once: `ca.crt` (all that are trusted), `ca.key` (of the one that signs) and
/// `ca-link.crt` (what the old one says of the new one). Which one signs is what the key says, so that no file has to
/// change together with another.
///
/// @param trusted certificates, the signing one first
/// @param links what servers show beside their own certificates
/// @param pem those that are trusted, as a text
/// @param from what the files said
record Authorities(
        Authority signing, List<X509Certificate> trusted, List<X509Certificate> links, String pem, Texts from) {
    /// @param links `""` when there is no such file
    record Texts(String certificates, String key, String links) {
        static Texts read(PkiFiles files) throws IOException {
            for (var needed : List.of(CERTIFICATES, KEY)) if (!files.exists(needed)) throw files.missing(needed);
            return new Texts(files.read(CERTIFICATES), files.read(KEY), files.exists(LINKS) ? files.read(LINKS) : "");
        }
    }

    // The extensions that tell keys, whose values end with a hash.
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final int KEY_ID = 20;

    private static final String CERTIFICATES = "ca.crt";
    private static final String KEY = "ca.key";
    private static final String LINKS = "ca-link.crt";

    /// Reads the authorities; makes the first one if there is none.
    ///
    /// @param name of the first one
    static Authorities open(PkiFiles files, String name, Keys keys, SecureRandom random, Instant now)
            throws IOException, GeneralSecurityException {
        if (!files.exists(CERTIFICATES)) {
            // The first start makes them before all others; a start that was cut off before is begun again.
            if (files.exists(ServiceAccountKeys.FILE) || !files.ending(".pem").isEmpty())
                throw files.missing(CERTIFICATES);
            var key = keys.elliptic();
            var first = Authority.make(name, key, now, serial(random));
            var texts = new Texts(Keys.pem(first.certificate()), Keys.pem(key.getPrivate()), "");
            files.write(KEY, texts.key);
            files.write(CERTIFICATES, texts.certificates);
            return of(first, List.of(first.certificate()), List.of(), texts);
        }
        return read(files);
    }

    /// These, if the files still say so.
    Authorities again(PkiFiles files) throws IOException, GeneralSecurityException {
        return from.equals(Texts.read(files)) ? this : read(files);
    }

    static Authorities read(PkiFiles files) throws IOException, GeneralSecurityException {
        var texts = Texts.read(files);
        var known = files.blocks(CERTIFICATES).certificates();
        var key = files.blocks(KEY).key();
        if (known.isEmpty()) throw files.damaged(CERTIFICATES, "there is no certificate in it");
        if (key.isEmpty()) throw files.damaged(KEY, "there is no key in it");
        for (var each : known) if (!vouchesForItself(each)) throw files.damaged(CERTIFICATES, "its signature is wrong");
        var signing = known.stream()
                .filter(each -> Keys.match(key.get(), each.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> files.damaged(KEY, "it is the key of no certificate in " + CERTIFICATES));
        var trusted = new ArrayList<>(List.of(signing));
        for (var each : known) if (!each.equals(signing)) trusted.add(each);
        // A link to what does not sign is what an exchange that was cut off has left.
        var links = new ArrayList<X509Certificate>();
        var vouched = texts.links.isEmpty()
                ? List.<X509Certificate>of()
                : files.blocks(LINKS).certificates();
        for (var each : vouched) if (each.getPublicKey().equals(signing.getPublicKey())) links.add(each);
        return of(new Authority(signing, key.get()), List.copyOf(trusted), List.copyOf(links), texts);
    }

    /// What others have signed cannot be told from here.
    private static boolean vouchesForItself(X509Certificate certificate) {
        boolean named = certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
        // Names may be what is damaged.
        if (!named && !ownKey(certificate)) return true;
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Whether it says that its own key has signed it.
    private static boolean ownKey(X509Certificate certificate) {
        var subject = certificate.getExtensionValue(SUBJECT_KEY);
        var authority = certificate.getExtensionValue(AUTHORITY_KEY);
        if (subject == null || authority == null || subject.length < KEY_ID || authority.length < KEY_ID) return false;
        return Arrays.equals(
                subject,
                subject.length - KEY_ID,
                subject.length,
                authority,
                authority.length - KEY_ID,
                authority.length);
    }

    private static Authorities of(
            Authority signing, List<X509Certificate> trusted, List<X509Certificate> links, Texts from)
            throws IOException {
        return new Authorities(signing, trusted, links, pem(trusted), from);
    }

    /// A new authority that signs from now on, beside all that are trusted. Cut off anywhere, it leaves
    /// authorities that work: the key comes last.
    Authorities exchange(PkiFiles files, String name, Keys keys, SecureRandom random, Instant now)
            throws IOException, GeneralSecurityException {
        var key = keys.elliptic();
        var next = Authority.make(name + "@" + now.getEpochSecond(), key, now, serial(random));
        var all = new ArrayList<>(trusted);
        all.addFirst(next.certificate());
        files.write(CERTIFICATES, pem(all));
        files.write(LINKS, Keys.pem(signing.vouch(next, now, serial(random))));
        files.write(KEY, Keys.pem(key.getPrivate()));
        return read(files);
    }

    /// Only the signing authority is trusted from now on.
    Authorities retire(PkiFiles files) throws IOException, GeneralSecurityException {
        files.write(CERTIFICATES, Keys.pem(signing.certificate()));
        files.delete(LINKS);
        return read(files);
    }

    static String pem(List<X509Certificate> certificates) throws IOException {
        var text = new StringBuilder();
        for (var each : certificates) text.append(Keys.pem(each));
        return text.toString();
    }

    static BigInteger serial(SecureRandom random) {
        return new BigInteger(120, random);
    }
}
