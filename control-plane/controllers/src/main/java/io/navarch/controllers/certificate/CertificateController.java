package io.navarch.controllers.certificate;

import io.navarch.client.Caches;
import io.navarch.controllers.certificate.CertificateRules.Problem;
import io.navarch.kinds.certificatesigningrequest.RequestAnswer;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Approves the requests of nodes for their own certificates, publishes what has been signed, and removes old requests.
/// Who may have a certificate, and the certificate itself, come from a read step.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
public final class CertificateController implements Controller<CertificateController.Seen> {
    /// @param answer what the read step found out
    public record Seen(CertificateSigningRequest request, Answer answer) {}

    /// What a request gets.
    public sealed interface Answer {
        record None() implements Answer {}

        record Approval(AutoApproval reason) implements Answer {}

        /// @param certificate PEM text
        record Certificate(String certificate) implements Answer {}

        record Failure(Problem problem) implements Answer {}
    }

    /// Why a node's request needs no person to approve it.
    public enum AutoApproval implements Reason {
        SELF("Auto approving self kubelet client certificate after SubjectAccessReview."),
        NODE("Auto approving kubelet client certificate after SubjectAccessReview.");

        private final String message;

        AutoApproval(String message) {
            this.message = message;
        }

        @Override
        public String reason() {
            return "AutoApproved";
        }

        @Override
        public String message() {
            return message;
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("certificate-controller")
                .queue("certificate")
                .watches(Resources.CERTIFICATE_SIGNING_REQUESTS, Controller::self)
                .may("certificates.k8s.io", "certificatesigningrequests", "delete")
                .may(
                        "certificates.k8s.io",
                        "certificatesigningrequests/approval,certificatesigningrequests/status",
                        "update")
                .may("certificates.k8s.io", "signers", "approve,sign")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var request = caches.of(Resources.CERTIFICATE_SIGNING_REQUESTS).get(key);
        return request.exists() ? Optional.of(new Seen(request, new Answer.None())) : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var request = seen.request;
        var end = CertificateRules.end(request);
        if (!end.isAfter(now)) return Decision.of(new Action.Delete(Resources.CERTIFICATE_SIGNING_REQUESTS, request));
        var decision =
                Decision.builder().requeueAfter(Duration.between(now, end).plusSeconds(1));
        switch (seen.answer) {
            case Answer.None none -> {}
            case Answer.Approval approval ->
                decision.change(condition(
                        request, CertificateSigningRequestConditionType.APPROVED, approval.reason, "approval", now));
            case Answer.Certificate signed ->
                decision.status(new Action.Update(
                        Resources.CERTIFICATE_SIGNING_REQUESTS,
                        request.toBuilder()
                                .status(status ->
                                        status.certificate(signed.certificate.getBytes(StandardCharsets.US_ASCII)))
                                .build(),
                        "status"));
            case Answer.Failure failure -> {
                decision.waitingOn(failure.problem);
                decision.status(condition(
                        request, CertificateSigningRequestConditionType.FAILED, failure.problem, "status", now));
            }
        }
        return decision.build();
    }

    private static Action.Update condition(
            CertificateSigningRequest request, String type, Reason reason, String subresource, Instant now) {
        var answered = RequestAnswer.with(request, type, reason.reason(), reason.message(), now);
        return new Action.Update(Resources.CERTIFICATE_SIGNING_REQUESTS, answered, subresource);
    }
}
