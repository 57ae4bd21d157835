package io.navarch.pki;

import io.navarch.controllers.certificate.Signer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Signs certificate requests with the cluster's authority.
public final class CertificateSigner implements Signer {
    private final Pki pki;
    private final InstantSource clock;

    public CertificateSigner(Pki pki, InstantSource clock) {
        this.pki = pki;
        this.clock = clock;
    }

    @Override
    public Request read(String pem) {
        var request = SigningRequest.parse(pem);
        return new Request(request.commonName(), request.organisations(), request.alternativeNames());
    }

    @Override
    public String sign(String pem, List<String> usages, Duration validity) {
        return pki.sign(SigningRequest.parse(pem), usages, validity, clock.instant());
    }
}
