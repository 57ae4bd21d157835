package io.navarch.kinds.certificatesigningrequest;

import static io.navarch.model.Resources.CERTIFICATE_SIGNING_REQUESTS;

import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestStatus;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.util.List;
import java.util.Map;

/// Records who asks for a certificate, requires the right to approve or sign for the signer, and refuses client
/// certificates of the group `system:masters`.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
public final class CertificateAdmission implements Admission.Mutating, Admission.Validating {
    private final Admission.Permission permission;

    public CertificateAdmission(Admission.Permission permission) {
        this.permission = permission;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(CERTIFICATE_SIGNING_REQUESTS) && call.operation() != Operation.DELETE;
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> csr, View old, Admission.Lookup lookup) {
        if (!call.creates(CERTIFICATE_SIGNING_REQUESTS)) return;
        CertificateSigningRequest.edit(csr)
                .spec(spec -> spec.username(call.user())
                        .groups(call.groups())
                        .clearUid()
                        .clearExtra());
        if (!call.uid().isEmpty()) CertificateSigningRequest.edit(csr).spec(spec -> spec.uid(call.uid()));
        if (!call.extra().isEmpty()) CertificateSigningRequest.edit(csr).spec(spec -> spec.extra(call.extra()));
    }

    @Override
    public void validate(Admission.Attributes call, View object, View old, Admission.Lookup lookup) {
        var csr = CertificateSigningRequest.of(object);
        var signer = csr.spec().signerName();
        switch (call.subresource()) {
            case "approval" -> require(call, "approve", signer, "approve requests with signerName");
            case "status" -> {
                var before = CertificateSigningRequest.of(old).status();
                if (changed(csr.status(), before, CertificateSigningRequestStatus.CERTIFICATE)
                        || changed(csr.status(), before, CertificateSigningRequestStatus.CONDITIONS))
                    require(call, "sign", signer, "sign requests with signerName");
            }
            case "" -> {
                if (!old.exists() && signer.equals(Signers.CLIENT)) refuseMasters(call, csr);
            }
            default -> {}
        }
    }

    private static boolean changed(
            CertificateSigningRequestStatus now, CertificateSigningRequestStatus before, String field) {
        return !Trees.semanticEquals(now.raw(field).value(), before.raw(field).value());
    }

    private void require(Admission.Attributes call, String verb, String signer, String what) {
        var group = CERTIFICATE_SIGNING_REQUESTS.group();
        int slash = signer.indexOf('/');
        var domain = slash < 0 ? signer : signer.substring(0, slash);
        boolean allowed = permission.allows(call, verb, group, "signers", signer)
                || permission.allows(call, verb, group, "signers", domain + "/*");
        if (!allowed) throw forbidden(call, "user not permitted to " + what + " \"" + signer + "\"");
    }

    private static void refuseMasters(Admission.Attributes call, CertificateSigningRequest csr) {
        if (organizations(call, csr).contains("system:masters"))
            throw forbidden(call, "use of " + Signers.CLIENT + " signer with system:masters group is not allowed");
    }

    /// What cannot be read might ask for anything.
    private static List<String> organizations(Admission.Attributes call, CertificateSigningRequest csr) {
        try {
            return CertificateRequest.parse(csr.spec().request()).organizations();
        } catch (IllegalArgumentException e) {
            throw forbidden(call, "failed to parse CSR: " + e.getMessage());
        }
    }

    private static ApiException forbidden(Admission.Attributes call, String message) {
        return ApiException.forbidden(
                CERTIFICATE_SIGNING_REQUESTS.plural(), CERTIFICATE_SIGNING_REQUESTS.group(), call.name(), message);
    }
}
