package io.navarch.controllers.certificate;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Signs with the cluster's authority.
public interface Signer {
    /// What a request asks for, as [CertificateRequest#parse] has it.
    ///
    /// @throws IllegalArgumentException when it is none
    CertificateRequest read(byte[] pem);

    /// The certificate as PEM text: it says what was read of the request, and nothing that was not.
    ///
    /// @param usages as Kubernetes names them, such as `client auth`
    /// @throws IllegalArgumentException when the request cannot be signed
    String sign(CertificateRequest request, List<String> usages, Duration validity, Instant now, BigInteger serial);
}
