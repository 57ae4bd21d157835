package io.navarch.controllers.certificate;

import io.navarch.client.Caches;
import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Approves the requests of nodes for their own certificates, signs what is approved, and removes what is old.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
public final class CertificateController implements LegacyController<View> {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    private static final String LEGACY = "kubernetes.io/legacy-unknown";
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration ANSWERED = Duration.ofHours(1);
    private static final Duration PENDING = Duration.ofHours(24);

    /// Whether a request may be approved by itself.
    public interface Review {
        /// @param subresource `nodeclient` or `selfnodeclient`
        boolean allows(View request, String subresource);
    }

    private final Signer signer;
    private final Review review;

    public CertificateController(Signer signer, Review review) {
        this.signer = signer;
        this.review = review;
    }

    @Override
    public String name() {
        return "certificate-controller";
    }

    @Override
    public String queue() {
        return "certificate";
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(Resources.CERTIFICATE_SIGNING_REQUESTS.untyped(), LegacyController::self));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("certificates.k8s.io", "certificatesigningrequests", "delete"),
                Permission.of(
                        "certificates.k8s.io",
                        "certificatesigningrequests/approval,certificatesigningrequests/status",
                        "update"),
                Permission.of("certificates.k8s.io", "signers", "approve,sign"));
    }

    @Override
    public View look(Caches caches, ObjectKey key) {
        var request =
                caches.of(Resources.CERTIFICATE_SIGNING_REQUESTS.untyped()).get(key);
        return request.exists() ? request : null;
    }

    @Override
    public Decision decide(View request, Instant now) {
        var old = Pods.created(request).plus(lifetime(request));
        if (!old.isAfter(now))
            return Decision.of(List.of(
                    new Action.Delete(Resources.CERTIFICATE_SIGNING_REQUESTS.untyped(), request.key(), request.uid())));
        var actions = new ArrayList<Action>();
        if (request.condition("Denied").isEmpty() && request.condition("Failed").isEmpty()) {
            if (request.condition("Approved").isEmpty()) approve(request, now, actions);
            else if (request.status().get("certificate").string().isEmpty()) sign(request, now, actions);
        }
        return LegacyController.decision(actions, Duration.between(now, old).plusSeconds(1));
    }

    /// Answered requests are kept for an hour, others for a day.
    private static Duration lifetime(View request) {
        boolean answered = !request.condition("Denied").isEmpty()
                || !request.condition("Failed").isEmpty()
                || !request.status().get("certificate").string().isEmpty();
        return answered ? ANSWERED : PENDING;
    }

    private static String pem(View request) {
        return new String(
                Base64.getDecoder().decode(request.spec().get("request").string()), StandardCharsets.US_ASCII);
    }

    private void approve(View request, Instant now, List<Action> actions) {
        if (!request.spec().get("signerName").string().equals(KUBELET_CLIENT)) return;
        if (!problem(request, signer.read(pem(request))).isEmpty()) return;
        boolean own = request.spec()
                .get("username")
                .string()
                .equals(signer.read(pem(request)).commonName());
        String why = null;
        if (own && review.allows(request, "selfnodeclient"))
            why = "Auto approving self kubelet client certificate after SubjectAccessReview.";
        else if (review.allows(request, "nodeclient"))
            why = "Auto approving kubelet client certificate after SubjectAccessReview.";
        if (why == null) return;
        actions.add(condition(request, "Approved", "AutoApproved", why, "approval", now));
    }

    private static Action condition(
            View request, String type, String reason, String message, String subresource, Instant now) {
        var object = Trees.copy(request.map());
        var status = Trees.child(object, "status");
        var condition = Conditions.of(request, type, "True", reason, message, now);
        condition.put("lastUpdateTime", Timestamps.seconds(now));
        Conditions.replace(status, condition);
        return new Action.Update(Resources.CERTIFICATE_SIGNING_REQUESTS.untyped(), object, subresource);
    }

    private void sign(View request, Instant now, List<Action> actions) {
        var name = request.spec().get("signerName").string();
        if (!List.of(CLIENT, KUBELET_CLIENT, KUBELET_SERVING, LEGACY).contains(name)) return;
        try {
            var problem = problem(request, signer.read(pem(request)));
            if (!problem.isEmpty()) {
                if (!name.equals(LEGACY))
                    actions.add(condition(request, "Failed", "SignerValidationFailure", problem, "status", now));
                return;
            }
            var asked = request.spec().get("expirationSeconds");
            var validity = asked.exists() ? Duration.ofSeconds(Math.max(600, asked.longOr(0))) : YEAR;
            var certificate = signer.sign(
                    pem(request),
                    request.spec().get("usages").strings(),
                    validity.compareTo(YEAR) > 0 ? YEAR : validity);
            var object = Trees.copy(request.map());
            Trees.put(
                    object,
                    Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII)),
                    "status",
                    "certificate");
            actions.add(new Action.Update(Resources.CERTIFICATE_SIGNING_REQUESTS.untyped(), object, "status"));
        } catch (IllegalArgumentException e) {
            actions.add(condition(request, "Failed", "SignerValidationFailure", e.getMessage(), "status", now));
        }
    }

    /// Why a signer must not sign this, `""` when it may.
    private static String problem(View request, Signer.Request asked) {
        var usages = request.spec().get("usages").strings();
        var signerName = request.spec().get("signerName").string();
        boolean node = asked.organizations().equals(List.of("system:nodes"))
                && asked.commonName().startsWith("system:node:");
        return switch (signerName) {
            case CLIENT ->
                usages.contains("client auth") && !usages.contains("server auth")
                        ? ""
                        : "usages did not match [client auth]";
            case KUBELET_CLIENT ->
                !node
                        ? "organization in CSR subject is not system:nodes"
                        : !asked.names().isEmpty()
                                ? "DNS and IP subjectAltNames are not allowed"
                                : usages.contains("client auth") && !usages.contains("server auth")
                                        ? ""
                                        : "usages did not match [digital signature client auth key encipherment]";
            case KUBELET_SERVING ->
                !node
                        ? "organization in CSR subject is not system:nodes"
                        : asked.names().isEmpty()
                                ? "DNS or IP subjectAltName is required"
                                : usages.contains("server auth") && !usages.contains("client auth")
                                        ? ""
                                        : "usages did not match [digital signature key encipherment server auth]";
            default -> "";
        };
    }
}
