package io.navarch.controllers.certificate;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Signs with the cluster's authority.
public interface Signer {
    /// What a request asks for.
    ///
    /// @param commonName of the subject
    /// @param organizations of the subject
    /// @param names DNS names and IP addresses
    record Request(String commonName, List<String> organizations, List<String> names) {}

    /// @param pem a PKCS #10 request as PEM text
    /// @throws IllegalArgumentException when it is none
    Request read(String pem);

    /// The certificate as PEM text.
    ///
    /// @param usages as Kubernetes names them, such as `client auth`
    /// @throws IllegalArgumentException when the request cannot be signed
    String sign(String pem, List<String> usages, Duration validity, Instant now, BigInteger serial);
}
