package io.navarch.kinds.certificatesigningrequest;

import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestCondition;
import io.navarch.model.CertificateSigningRequestConditionType;
import java.nio.charset.StandardCharsets;

/// How far a request for a certificate has come, for whoever waits for it.
public sealed interface RequestProgress {
    /// Somebody has yet to approve or sign it.
    record Waiting(boolean approved) implements RequestProgress {}

    /// @param certificate as PEM text
    record Issued(String certificate) implements RequestProgress {}

    /// It will never be signed.
    record Refused(String why) implements RequestProgress {}

    /// It is not there any more: nobody has answered it in time, or somebody has deleted it.
    record Gone() implements RequestProgress {}

    /// A refusal wins over everything: whoever has been refused must not use what was signed before.
    static RequestProgress of(CertificateSigningRequest request) {
        if (!request.exists()) return new Gone();
        boolean approved = false;
        for (var condition : request.status().conditions()) {
            switch (condition.type()) {
                case CertificateSigningRequestConditionType.DENIED -> {
                    return new Refused("it was denied" + said(condition));
                }
                case CertificateSigningRequestConditionType.FAILED -> {
                    return new Refused("it could not be signed" + said(condition));
                }
                case CertificateSigningRequestConditionType.APPROVED -> approved = true;
                default -> {}
            }
        }
        if (!approved || !request.status().hasCertificate()) return new Waiting(approved);
        return new Issued(new String(request.status().certificate(), StandardCharsets.US_ASCII));
    }

    private static String said(CertificateSigningRequestCondition condition) {
        return condition.message().isEmpty() ? "" : ": " + condition.message();
    }
}
