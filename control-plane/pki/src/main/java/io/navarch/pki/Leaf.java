package io.navarch.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;

/// A certificate that one of the cluster's own parts is to have.
///
/// @param file its name
/// @param names DNS names and IP addresses
/// @param administrator somebody's, who renews it less often and whose key has the form that every client library reads
record Leaf(String file, X500Name subject, Set<GeneralName> names, Set<KeyPurposeId> purposes, boolean administrator) {
    private static final Duration COMPONENT = Duration.ofDays(90);
    private static final Duration ADMINISTRATOR = Duration.ofDays(365);

    static Leaf server(String file, String name, List<String> names) {
        return new Leaf(
                file,
                new X500Name("CN=" + name),
                names.stream().map(Leaf::name).collect(Collectors.toSet()),
                Set.of(KeyPurposeId.id_kp_serverAuth),
                false);
    }

    static Leaf client(String file, String user, List<String> groups, boolean administrator) {
        var subject = Stream.concat(groups.stream().map(group -> "O=" + group), Stream.of("CN=" + user))
                .collect(Collectors.joining(","));
        return new Leaf(file, new X500Name(subject), Set.of(), Set.of(KeyPurposeId.id_kp_clientAuth), administrator);
    }

    /// What a certificate was made for.
    static Leaf of(String file, X509CertificateHolder certificate, boolean administrator) {
        var names = GeneralNames.fromExtensions(certificate.getExtensions(), Extension.subjectAlternativeName);
        var purposes = ExtendedKeyUsage.fromExtensions(certificate.getExtensions());
        return new Leaf(
                file,
                certificate.getSubject(),
                names == null ? Set.of() : Set.of(names.getNames()),
                purposes == null ? Set.of() : Set.of(purposes.getUsages()),
                administrator);
    }

    private static GeneralName name(String name) {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    Duration life() {
        return administrator ? ADMINISTRATOR : COMPONENT;
    }

    /// Why this certificate cannot stay as it is; empty if it can.
    ///
    /// @param links shown beside it, for those who do not know the signing authority yet
    Optional<String> outdated(
            X509Certificate present, List<X509Certificate> links, Leaf made, Authorities authorities, Instant now) {
        var signing = authorities.signing();
        var from = present.getNotBefore().toInstant();
        var until = present.getNotAfter().toInstant();
        if (!made.subject.equals(subject) || !made.purposes.equals(purposes)) return Optional.of("it is for another");
        if (!new HashSet<>(made.names).equals(names)) return Optional.of("its names have changed");
        if (!Authority.name(signing.certificate())
                        .equals(X500Name.getInstance(
                                present.getIssuerX500Principal().getEncoded()))
                || !links.equals(authorities.links())) return Optional.of("the authority has changed");
        if (now.isBefore(from)) return Optional.of("it begins in the future");
        if (Duration.between(from, until).compareTo(life().multipliedBy(2)) > 0)
            return Optional.of("it is valid for too long");
        var due = from.plus(Duration.between(from, until).multipliedBy(2).dividedBy(3));
        // One that ends with its authority would not be any better for being new.
        boolean better = signing.end(now.plus(life())).isAfter(until);
        return now.isBefore(due) || !better ? Optional.empty() : Optional.of("two thirds of its life are over");
    }
}
