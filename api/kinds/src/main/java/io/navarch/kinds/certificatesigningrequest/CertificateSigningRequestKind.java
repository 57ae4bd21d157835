package io.navarch.kinds.certificatesigningrequest;

import static io.navarch.model.CertificateSigningRequestConditionType.APPROVED;
import static io.navarch.model.CertificateSigningRequestConditionType.DENIED;
import static io.navarch.model.CertificateSigningRequestConditionType.FAILED;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.types.Types;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestCondition;
import io.navarch.model.CertificateSigningRequestSpec;
import io.navarch.model.CertificateSigningRequestStatus;
import io.navarch.model.Resources;
import io.navarch.objects.Durations;
import io.navarch.objects.FieldError;
import io.navarch.objects.GoText;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

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

    /// Of the domain of a signer, and of its whole name: domain, slash and path.
    private static final int LONGEST = 253;

    private static final int LONGEST_SIGNER = LONGEST + 1 + 253 + 63 + 1;

    private CertificateSigningRequestKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CERTIFICATE_SIGNING_REQUESTS)
                .version(
                        types.get("V1CertificateSigningRequest"),
                        columns -> columns.name()
                                .age()
                                .text("SignerName", CertificateSigningRequestKind::signer)
                                .text("Requestor", csr -> csr.spec().username())
                                .text("RequestedDuration", CertificateSigningRequestKind::duration)
                                .text("Condition", CertificateSigningRequestKind::state))
                .shortNames("csr")
                .withStatus()
                .resetting("", "spec", "status")
                .resetting("status", "spec", "status.conditions")
                .resetting("approval", "spec", "status.certificate")
                .field("spec.signerName", CertificateSigningRequestKind::signer)
                .withPart(
                        "approval",
                        (sent, old) -> approve(CertificateSigningRequest.of(View.of(sent)), old),
                        (csr, old) -> CertificateStatusRules.check(csr, old, true))
                .preparedBy(CertificateSigningRequest::edit, CertificateSigningRequestKind::prepare)
                .statusRuledBy((csr, old) -> CertificateStatusRules.check(csr, old, false))
                .ruledBy((csr, old) -> old.exists() ? List.of() : check(csr.spec()))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .named(name -> List.of())
                .build();
    }

    private static String signer(CertificateSigningRequest csr) {
        return csr.spec().signerName();
    }

    /// A request never changes once it is made: whatever a later write sends as its spec is ignored.
    private static void prepare(CertificateSigningRequest.Builder csr, CertificateSigningRequest old) {
        if (old.exists()) csr.spec(old.spec());
        else csr.status(CertificateSigningRequestStatus.builder().build());
    }

    /// `approval` writes conditions, and labels and annotations as any write.
    private static Map<String, Object> approve(CertificateSigningRequest sent, CertificateSigningRequest old) {
        var csr = sent.toBuilder().spec(old.spec()).status(old.status());
        if (sent.status().hasConditions())
            csr.status(status -> status.conditions(sent.status().conditions()));
        return csr.map();
    }

    private static String duration(CertificateSigningRequest csr) {
        var spec = csr.spec();
        return spec.hasExpirationSeconds() ? Durations.human(Duration.ofSeconds(spec.expirationSeconds())) : "<none>";
    }

    private static String state(CertificateSigningRequest csr) {
        var types = csr.status().conditions().stream()
                .map(CertificateSigningRequestCondition::type)
                .toList();
        var parts = new ArrayList<String>();
        if (types.contains(APPROVED)) parts.add("Approved");
        else if (types.contains(DENIED)) parts.add("Denied");
        else parts.add("Pending");
        if (types.contains(FAILED)) parts.add("Failed");
        if (!csr.status()
                .raw(CertificateSigningRequestStatus.CERTIFICATE)
                .string()
                .isEmpty()) parts.add("Issued");
        return String.join(",", parts);
    }

    private static List<FieldError> check(CertificateSigningRequestSpec spec) {
        var check = new Check();
        try {
            CertificateRequest.parse(spec.request());
        } catch (IllegalArgumentException e) {
            var given = spec.raw(CertificateSigningRequestSpec.REQUEST).value();
            check.add(FieldError.invalid("spec.request", given, String.valueOf(e.getMessage())));
        }
        if (spec.usages().isEmpty()) check.add(FieldError.required("spec.usages"));
        int i = 0;
        var seen = new HashSet<String>();
        for (var usage : spec.usages()) {
            var at = "spec.usages[" + i++ + "]";
            if (!USAGES.contains(usage)) check.add(FieldError.notSupported(at, usage, USAGES));
            if (!seen.add(usage)) check.add(FieldError.duplicate(at, usage));
        }
        signerName(spec.signerName(), check);
        return check.errors();
    }

    private static void signerName(String signer, Check check) {
        var path = "spec.signerName";
        if (!check.required(signer, path)) return;
        if (signer.equals(Signers.LEGACY)) {
            check.invalid(path, signer, "the legacy signerName is not allowed via this API version");
            return;
        }
        var parts = signer.split("/", -1);
        if (parts.length != 2) {
            check.invalid(
                    path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        check.longest(parts[0], path, LONGEST);
        labels(parts[0], path, Names::dnsLabel, check);
        if (!parts[0].contains("."))
            check.invalid(path, parts[0], "should be a domain with at least two segments separated by dots");
        labels(parts[1], path, Names::dnsSubdomain, check);
        check.longest(signer, path, LONGEST_SIGNER);
    }

    /// The first label between dots that is wrong says it for all.
    private static void labels(String text, String path, Function<String, List<String>> rule, Check check) {
        for (var label : text.split("\\.", -1)) {
            var wrong = rule.apply(label);
            for (var each : wrong) check.invalid(path, text, "validating label " + GoText.quoted(label) + ": " + each);
            if (!wrong.isEmpty()) return;
        }
    }
}
