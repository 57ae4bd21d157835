package io.navarch.join;

import io.navarch.http.PemCertificates;
import io.navarch.objects.Sha256;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Locale;

/// The hash of an authority's public key, by which it is known before anything else is: `sha256:…`.
///
/// Source: https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-join/
public record CertificatePin(String hex) {
    private static final String ALGORITHM = "sha256:";

    /// @throws IllegalArgumentException when it is none
    public static CertificatePin parse(String text) {
        if (!text.matches("(?i)sha256:[0-9a-f]{64}"))
            throw new IllegalArgumentException("the hash of an authority is sha256: and 64 hexadecimal digits, not "
                    + text.substring(0, Math.min(text.length(), 80)));
        return new CertificatePin(text.substring(ALGORITHM.length()).toLowerCase(Locale.ROOT));
    }

    /// @param pem the first certificate counts
    public static CertificatePin of(String pem) {
        return of(PemCertificates.read(pem).getFirst());
    }

    /// Of each certificate of a PEM text.
    ///
    /// @throws IllegalArgumentException when there is none
    static List<CertificatePin> all(String pem) {
        return PemCertificates.read(pem).stream().map(CertificatePin::of).toList();
    }

    private static CertificatePin of(Certificate certificate) {
        return new CertificatePin(Sha256.hex(certificate.getPublicKey().getEncoded()));
    }

    @Override
    public String toString() {
        return ALGORITHM + hex;
    }
}
