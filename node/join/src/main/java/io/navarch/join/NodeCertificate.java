package io.navarch.join;

import io.navarch.http.PemCertificates;
import io.navarch.http.Tls;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// A certificate with its key, as they stand in one PEM text: they are only ever replaced together.
record NodeCertificate(String pem, X509Certificate certificate) {
    /// @throws IllegalArgumentException when the text has no certificate
    static NodeCertificate of(String pem) {
        return new NodeCertificate(pem, PemCertificates.read(pem).getFirst());
    }

    CertificateLife life() {
        return new CertificateLife(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /// Whether the first of these authorities, which signs, has signed it.
    boolean signedBy(String authorities) {
        try {
            certificate.verify(PemCertificates.read(authorities).getFirst().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    Tls.Identity identity() {
        return new Tls.Identity(pem, pem);
    }

    /// The common name: which user this is.
    String user() {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253))
                    .getRdns().stream()
                            .filter(part -> part.getType().equals("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException e) {
            return "";
        }
    }

    /// Whether it says that a server has all these names.
    boolean names(List<String> all) {
        try {
            var alternatives = Optional.<Collection<List<?>>>ofNullable(certificate.getSubjectAlternativeNames());
            Set<String> said = new HashSet<>();
            for (var name : alternatives.orElse(List.of())) said.add(Objects.toString(name.get(1)));
            return said.containsAll(all);
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
