package io.navarch.pki;

import java.time.Instant;

/// A certificate as a table says it.
///
/// @param signer the name of who has signed it
/// @param authority whether it signs others
public record CertificateEntry(String name, Instant until, String signer, boolean authority) {}
