package io.navarch.apiserver.access;

import io.navarch.http.PemCertificates;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/// Whose signatures make somebody known who shows a certificate. Connections outlive what was true when they began, so
/// this is asked with every call.
public final class ClientAuthorities {
    private static final Set<String> FOR_CLIENTS = Set.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

    private final Set<X509Certificate> authorities;
    /// What leads from a certificate to an authority, once found. Entries go with the connections that hold their keys.
    private final Map<X509Certificate, List<X509Certificate>> paths = Collections.synchronizedMap(new WeakHashMap<>());

    private ClientAuthorities(Set<X509Certificate> authorities) {
        this.authorities = authorities;
    }

    /// @throws IllegalArgumentException if this is not PEM text of certificates
    public static ClientAuthorities of(String pem) {
        return new ClientAuthorities(Set.copyOf(new HashSet<>(PemCertificates.read(pem))));
    }

    public boolean overlap(ClientAuthorities others) {
        return !Collections.disjoint(authorities, others.authorities);
    }

    /// @param shown the client's certificate, and what it has sent to make it believed
    public boolean vouchFor(List<X509Certificate> shown, Instant now) {
        var leaf = shown.getFirst();
        var path = Optional.ofNullable(paths.get(leaf)).or(() -> path(shown, now));
        path.ifPresent(found -> paths.putIfAbsent(leaf, found));
        return path.filter(found -> found.stream().allMatch(each -> valid(each, now)))
                .isPresent();
    }

    private static boolean valid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private Optional<List<X509Certificate>> path(List<X509Certificate> shown, Instant now) {
        var leaf = shown.getFirst();
        if (!forClients(leaf)) return Optional.empty();
        if (authorities.contains(leaf)) return Optional.of(List.of(leaf));
        var anchors = new HashSet<TrustAnchor>();
        for (var each : authorities) anchors.add(new TrustAnchor(each, null));
        var target = new X509CertSelector();
        target.setCertificate(leaf);
        try {
            var parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(shown)));
            var found = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            var path = new ArrayList<X509Certificate>();
            for (var each : found.getCertPath().getCertificates()) path.add((X509Certificate) each);
            path.add(found.getTrustAnchor().getTrustedCert());
            return Optional.of(List.copyOf(path));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /// A certificate that says nothing of its purpose is for all.
    private static boolean forClients(X509Certificate certificate) {
        try {
            var purposes = certificate.getExtendedKeyUsage();
            return purposes == null || !Collections.disjoint(purposes, FOR_CLIENTS);
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
