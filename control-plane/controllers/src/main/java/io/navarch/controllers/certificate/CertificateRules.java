package io.navarch.controllers.certificate;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.model.ConditionStatus;
import io.navarch.model.StatusCondition;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which requests want an answer, and what each signer insists on.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers
public final class CertificateRules {
    private static final Set<String> SIGNERS =
            Set.of(Signers.CLIENT, Signers.KUBELET_CLIENT, Signers.KUBELET_SERVING, Signers.LEGACY);

    private static final String CLIENT_AUTH = "client auth";
    private static final String SERVER_AUTH = "server auth";
    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";

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
        return signer.equals(Signers.KUBELET_CLIENT) ? Wants.APPROVAL : Wants.NOTHING;
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

    public static Duration validity(CertificateSigningRequest request) {
        if (!request.spec().hasExpirationSeconds()) return LONGEST;
        var asked = Duration.ofSeconds(request.spec().expirationSeconds());
        if (asked.compareTo(SHORTEST) < 0) return SHORTEST;
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    /// Why a signer does not sign.
    public record Problem(String message) implements Reason {
        @Override
        public String reason() {
            return "SignerValidationFailure";
        }
    }

    /// Why the request's signer must not sign this, empty when it may. What admission has looked at is looked at
    /// again: the request may be older than its rules.
    public static Optional<Problem> problem(CertificateSigningRequest request, CertificateRequest asked) {
        var usages = Set.copyOf(request.spec().usages());
        var problem = switch (request.spec().signerName()) {
            case Signers.CLIENT -> client(request.spec().usages(), asked);
            case Signers.KUBELET_CLIENT -> kubeletClient(usages, asked);
            case Signers.KUBELET_SERVING -> kubeletServing(usages, asked);
            default -> "";
        };
        return problem.isEmpty() ? Optional.empty() : Optional.of(new Problem(problem));
    }

    private static String client(List<String> usages, CertificateRequest asked) {
        if (asked.organizations().contains("system:masters"))
            return "use of " + Signers.CLIENT + " signer with system:masters group is not allowed";
        for (var usage : usages)
            if (!Set.of(SIGNATURE, ENCIPHERMENT, CLIENT_AUTH).contains(usage))
                return "invalid usage for client certificate: " + usage;
        return usages.contains(CLIENT_AUTH) ? "" : "missing required usage for client certificate: " + CLIENT_AUTH;
    }

    private static String kubeletClient(Set<String> usages, CertificateRequest asked) {
        var names = asked.names();
        if (!ofNodes(asked)) return "subject organization is not system:nodes";
        if (!names.dns().isEmpty()) return "DNS subjectAltNames are not allowed";
        if (!names.emails().isEmpty()) return "Email subjectAltNames are not allowed";
        if (!names.addresses().isEmpty()) return "IP subjectAltNames are not allowed";
        if (!names.uris().isEmpty()) return "URI subjectAltNames are not allowed";
        if (!namesNode(asked)) return "subject common name does not begin with system:node:";
        return used(usages, CLIENT_AUTH) ? "" : "usages did not match [client auth digital signature key encipherment]";
    }

    private static String kubeletServing(Set<String> usages, CertificateRequest asked) {
        var names = asked.names();
        if (!ofNodes(asked)) return "subject organization is not system:nodes";
        if (names.dns().isEmpty() && names.addresses().isEmpty()) return "DNS or IP subjectAltName is required";
        if (!names.emails().isEmpty()) return "Email subjectAltNames are not allowed";
        if (!names.uris().isEmpty()) return "URI subjectAltNames are not allowed";
        if (!used(usages, SERVER_AUTH)) return "usages did not match [digital signature key encipherment server auth]";
        return namesNode(asked) ? "" : "subject common name does not begin with system:node:";
    }

    private static boolean used(Set<String> usages, String purpose) {
        return usages.equals(Set.of(SIGNATURE, ENCIPHERMENT, purpose)) || usages.equals(Set.of(SIGNATURE, purpose));
    }

    private static boolean ofNodes(CertificateRequest asked) {
        return asked.organizations().equals(List.of("system:nodes"));
    }

    private static boolean namesNode(CertificateRequest asked) {
        return asked.commonName().startsWith("system:node:");
    }
}
