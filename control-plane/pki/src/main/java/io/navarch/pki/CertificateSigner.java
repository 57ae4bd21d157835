package io.navarch.pki;

import io.navarch.controllers.certificate.Signer;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Signs certificate requests with the cluster's authority.
public record CertificateSigner(Pki pki) implements Signer {
    @Override
    public CertificateRequest read(byte[] pem) {
        return CertificateRequest.parse(pem);
    }

    @Override
    public String sign(
            CertificateRequest request, List<String> usages, Duration validity, Instant now, BigInteger serial) {
        return pki.sign(request, usages, validity, now, serial);
    }
}
