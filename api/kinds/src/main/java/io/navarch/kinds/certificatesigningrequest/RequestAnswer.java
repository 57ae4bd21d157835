package io.navarch.kinds.certificatesigningrequest;

import io.navarch.kinds.support.Conditions;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestCondition;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.model.ConditionStatus;
import java.time.Instant;

/// What is said of a request for a certificate.
public final class RequestAnswer {
    private RequestAnswer() {}

    /// The request as somebody who approves it writes it to `approval`.
    public static CertificateSigningRequest approved(
            CertificateSigningRequest request, String reason, String message, Instant now) {
        return with(request, CertificateSigningRequestConditionType.APPROVED, reason, message, now);
    }

    /// The request with a condition that is true from now on.
    public static CertificateSigningRequest with(
            CertificateSigningRequest request, String type, String reason, String message, Instant now) {
        var before = request.status().conditions();
        var condition = Conditions.of(
                        before,
                        CertificateSigningRequestCondition::of,
                        type,
                        ConditionStatus.TRUE,
                        reason,
                        message,
                        now)
                .toBuilder()
                .lastUpdateTime(now)
                .build();
        return request.toBuilder()
                .status(status -> status.conditions(Conditions.with(before, condition)))
                .build();
    }
}
