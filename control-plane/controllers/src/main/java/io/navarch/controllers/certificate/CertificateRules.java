package io.navarch.controllers.certificate;

import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.model.ConditionStatus;
import io.navarch.model.StatusCondition;
import io.navarch.reconcile.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which requests want an answer, and what each signer insists on.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers
public final class CertificateRules {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final Set<String> SIGNERS = Set.of(CLIENT, KUBELET_CLIENT, KUBELET_SERVING, LEGACY);

    private static final String CLIENT_AUTH = "client auth";
    private static final String SERVER_AUTH = "server auth";

    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Duration ANSWERED = Duration.ofHours(1);
    private static final Duration UNANSWERED = Duration.ofHours(24);

    private CertificateRules() {}

    /// What a request waits for from this controller.
    public enum Wants {
        APPROVAL,
        CERTIFICATE,
        NOTHING
    }

    public static Wants wants(CertificateSigningRequest request, Instant now) {
        if (!end(request).isAfter(now) || refused(request) || request.status().hasCertificate()) return Wants.NOTHING;
        var signer = request.spec().signerName();
        if (has(request, CertificateSigningRequestConditionType.APPROVED))
            return SIGNERS.contains(signer) ? Wants.CERTIFICATE : Wants.NOTHING;
        return signer.equals(KUBELET_CLIENT) ? Wants.APPROVAL : Wants.NOTHING;
    }

    private static boolean refused(CertificateSigningRequest request) {
        return has(request, CertificateSigningRequestConditionType.DENIED)
                || has(request, CertificateSigningRequestConditionType.FAILED);
    }

    private static boolean has(CertificateSigningRequest request, String condition) {
        return StatusCondition.status(request.status().conditions(), condition) != ConditionStatus.UNSET;
    }

    /// When the request is deleted: answered ones are kept for an hour, others for a day.
    static Instant end(CertificateSigningRequest request) {
        boolean answered = refused(request) || request.status().hasCertificate();
        var created = request.metadata().creationTimestamp().orElse(Instant.EPOCH);
        return created.plus(answered ? ANSWERED : UNANSWERED);
    }

    public static String pem(CertificateSigningRequest request) {
        return new String(request.spec().request(), StandardCharsets.US_ASCII);
    }

    public static Duration validity(CertificateSigningRequest request) {
        if (!request.spec().hasExpirationSeconds()) return LONGEST;
        var asked = Duration.ofSeconds(request.spec().expirationSeconds());
        if (asked.compareTo(SHORTEST) < 0) return SHORTEST;
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    /// Why a signer does not sign.
    public record Problem(String message) implements Reason {
        private static final Problem NO_NODE = new Problem("organization in CSR subject is not system:nodes");
        private static final Problem NAMES = new Problem("DNS and IP subjectAltNames are not allowed");
        private static final Problem NO_NAMES = new Problem("DNS or IP subjectAltName is required");

        private static Problem usages(String expected) {
            return new Problem("usages did not match [" + expected + "]");
        }

        @Override
        public String reason() {
            return "SignerValidationFailure";
        }
    }

    /// Why the request's signer must not sign this, empty when it may.
    public static Optional<Problem> problem(CertificateSigningRequest request, Signer.Request asked) {
        var usages = request.spec().usages();
        boolean client = usages.contains(CLIENT_AUTH) && !usages.contains(SERVER_AUTH);
        boolean server = usages.contains(SERVER_AUTH) && !usages.contains(CLIENT_AUTH);
        return switch (request.spec().signerName()) {
            case CLIENT -> unless(client, Problem.usages("client auth"));
            case KUBELET_CLIENT ->
                unless(node(asked), Problem.NO_NODE)
                        .or(() -> unless(asked.names().isEmpty(), Problem.NAMES))
                        .or(() -> unless(client, Problem.usages("digital signature client auth key encipherment")));
            case KUBELET_SERVING ->
                unless(node(asked), Problem.NO_NODE)
                        .or(() -> unless(!asked.names().isEmpty(), Problem.NO_NAMES))
                        .or(() -> unless(server, Problem.usages("digital signature key encipherment server auth")));
            default -> Optional.empty();
        };
    }

    private static boolean node(Signer.Request asked) {
        return asked.organizations().equals(List.of("system:nodes"))
                && asked.commonName().startsWith("system:node:");
    }

    private static Optional<Problem> unless(boolean fine, Problem problem) {
        return fine ? Optional.empty() : Optional.of(problem);
    }
}
