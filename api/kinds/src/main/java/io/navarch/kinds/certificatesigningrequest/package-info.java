/// CertificateSigningRequest, and the admission that decides who may ask for, approve and sign a certificate.
@NullMarked
package io.navarch.kinds.certificatesigningrequest;

import org.jspecify.annotations.NullMarked;
