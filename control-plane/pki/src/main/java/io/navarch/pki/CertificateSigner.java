package io.navarch.pki;

import io.navarch.controllers.certificate.Signer;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Signs certificate requests with the cluster's authority.
public record CertificateSigner(Pki pki) implements Signer {
    @Override
    public Request read(String pem) {
        var request = SigningRequest.parse(pem);
        return new Request(request.commonName(), request.organisations(), request.alternativeNames());
    }

    @Override
    public String sign(String pem, List<String> usages, Duration validity, Instant now, BigInteger serial) {
        return pki.sign(SigningRequest.parse(pem), usages, validity, now, serial);
    }
}
