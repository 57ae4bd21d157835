package io.navarch.kinds.certificatesigningrequest;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Durations;
import io.navarch.objects.FieldError;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// CertificateSigningRequest. Who asks is written by the server; `approval` and `status` have their own ways in.
public final class CertificateSigningRequestKind {
    private static final Set<String> USAGES = Set.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");

    private CertificateSigningRequestKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("certificates.k8s.io", "CertificateSigningRequest", "certificatesigningrequests")
                .version(
                        "v1",
                        types.get("V1CertificateSigningRequest"),
                        Columns.NAME,
                        Columns.AGE,
                        Columns.at("SignerName", "spec.signerName"),
                        Columns.at("Requestor", "spec.username"),
                        Columns.text("RequestedDuration", CertificateSigningRequestKind::duration),
                        Columns.text("Condition", CertificateSigningRequestKind::state))
                .shortNames("csr")
                .clusterScoped()
                .withStatus()
                .fieldAt("spec.signerName")
                .withPart("approval", CertificateSigningRequestKind::approve, (csr, old) -> List.of())
                .preparedBy((csr, old) -> {
                    // Nobody changes a request afterwards; what is sent for it does not count.
                    if (!old.exists()) csr.put("status", Trees.map());
                    else csr.put("spec", Trees.copy(old.spec().value()));
                })
                .ruledBy(CertificateSigningRequestKind::check);
    }

    /// `approval` writes conditions and nothing else.
    private static Map<String, Object> approve(Map<String, Object> sent, View old) {
        var csr = Trees.copy(old.map());
        var conditions = View.of(sent).status().get("conditions");
        if (conditions.exists()) Trees.put(csr, conditions.value(), "status", "conditions");
        return csr;
    }

    private static String duration(View csr) {
        var seconds = csr.spec().get("expirationSeconds");
        return seconds.exists() ? Durations.human(Duration.ofSeconds(seconds.longOr(0))) : "<none>";
    }

    private static String state(View csr) {
        var conditions = csr.status().get("conditions");
        var parts = new ArrayList<String>();
        if (conditions.find("type", "Approved").exists()) parts.add("Approved");
        else if (conditions.find("type", "Denied").exists()) parts.add("Denied");
        else parts.add("Pending");
        if (conditions.find("type", "Failed").exists()) parts.add("Failed");
        if (!csr.status().get("certificate").string().isEmpty()) parts.add("Issued");
        return String.join(",", parts);
    }

    private static List<FieldError> check(View csr, View old) {
        var check = new Check();
        var spec = csr.spec();
        if (old.exists()) return check.errors();
        var request = spec.get("request").string();
        var pem = new String(Base64.getMimeDecoder().decode(request), StandardCharsets.ISO_8859_1);
        if (!pem.contains("-----BEGIN CERTIFICATE REQUEST-----") || !pem.contains("-----END CERTIFICATE REQUEST-----"))
            check.add(FieldError.invalid("spec.request", request, "PEM block type must be CERTIFICATE REQUEST"));
        if (spec.get("usages").list().isEmpty())
            check.add(FieldError.required("spec.usages", "usages must be provided"));
        int i = 0;
        var seen = new HashSet<String>();
        for (var usage : spec.get("usages").strings()) {
            var at = "spec.usages[" + i++ + "]";
            if (!USAGES.contains(usage)) check.add(FieldError.notSupported(at, usage, USAGES));
            if (!seen.add(usage)) check.add(FieldError.duplicate(at, usage));
        }
        var signer = spec.get("signerName").string();
        if (signer.isEmpty()) check.add(FieldError.required("spec.signerName", "signerName must be provided"));
        else if (signer.equals("kubernetes.io/legacy-unknown"))
            check.add(FieldError.invalid(
                    "spec.signerName", signer, "the legacy signerName is not allowed via this API version"));
        else if (!signer.matches("[^/]+/[^/]+"))
            check.add(FieldError.invalid(
                    "spec.signerName",
                    signer,
                    "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
        return check.errors();
    }
}
