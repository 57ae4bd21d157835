package io.navarch.kinds.certificatesigningrequest;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Who asks for a certificate is written down by the server; who may approve and sign needs the right to do so for the
/// signer; nobody gets a client certificate of the masters' group.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
public final class CertificateAdmission implements Admission.Mutating, Admission.Validating {
    private static final String GROUP = "certificates.k8s.io";
    private static final String RESOURCE = "certificatesigningrequests";
    private final Admission.Permission permission;

    public CertificateAdmission(Admission.Permission permission) {
        this.permission = permission;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(GROUP, RESOURCE) && !call.operation().equals("DELETE");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> csr, View old, Admission.Lookup lookup) {
        if (!call.creates(GROUP, RESOURCE)) return;
        Trees.put(csr, call.user(), "spec", "username");
        Trees.put(csr, new ArrayList<Object>(call.groups()), "spec", "groups");
        for (var field : List.of("uid", "extra")) Trees.remove(csr, "spec", field);
    }

    @Override
    public void validate(Admission.Attributes call, View csr, View old, Admission.Lookup lookup) {
        var signer = csr.spec().get("signerName").string();
        switch (call.subresource()) {
            case "approval" -> require(call, "approve", signer, "approve requests with signerName");
            case "status" -> {
                boolean signs = !Trees.semanticEquals(
                                csr.status().get("certificate").value(),
                                old.status().get("certificate").value())
                        || !Trees.semanticEquals(
                                csr.status().get("conditions").value(),
                                old.status().get("conditions").value());
                if (signs) require(call, "sign", signer, "sign requests with signerName");
            }
            case "" -> {
                if (!old.exists() && signer.equals("kubernetes.io/kube-apiserver-client")) subject(call, csr);
            }
            default -> {}
        }
    }

    private void require(Admission.Attributes call, String verb, String signer, String what) {
        int slash = signer.indexOf('/');
        var domain = slash < 0 ? signer : signer.substring(0, slash);
        boolean allowed = permission.allows(call, verb, GROUP, "signers", signer)
                || permission.allows(call, verb, GROUP, "signers", domain + "/*");
        if (!allowed)
            throw ApiException.forbidden(
                    RESOURCE, GROUP, call.name(), "user not permitted to " + what + " \"" + signer + "\"");
    }

    private static void subject(Admission.Attributes call, View csr) {
        if (!CertificateRequests.organizations(csr.spec().get("request").string())
                .contains("system:masters")) return;
        throw ApiException.forbidden(
                RESOURCE,
                GROUP,
                call.name(),
                "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
    }
}
