package io.navarch.kinds.certificatesigningrequest;

import io.navarch.kinds.support.Check;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestCondition;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.model.CertificateSigningRequestStatus;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Enumeration;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Who decides about a request, and what the certificate is. What was wrong before may stay.
final class CertificateStatusRules {
    private static final String CONDITIONS = "status.conditions";
    private static final Set<String> DECISIONS =
            Set.of(CertificateSigningRequestConditionType.APPROVED, CertificateSigningRequestConditionType.DENIED);
    private static final List<String> FINAL = List.of(
            CertificateSigningRequestConditionType.APPROVED,
            CertificateSigningRequestConditionType.DENIED,
            CertificateSigningRequestConditionType.FAILED);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----", Pattern.DOTALL);

    private CertificateStatusRules() {}

    /// @param approval whether this is the way in for decisions; the other is for certificates
    static List<FieldError> check(CertificateSigningRequest now, CertificateSigningRequest old, boolean approval) {
        var check = new Check();
        conditions(now.status().conditions(), old.status().conditions(), check);
        kept(now.status().conditions(), old.status().conditions(), approval, check);
        certificate(certificate(now), certificate(old), approval, check);
        return check.errors();
    }

    private static View certificate(CertificateSigningRequest csr) {
        return csr.status().raw(CertificateSigningRequestStatus.CERTIFICATE);
    }

    private static Set<String> types(List<CertificateSigningRequestCondition> conditions) {
        var types = new HashSet<String>();
        for (var condition : conditions) types.add(condition.type());
        return types;
    }

    private static void conditions(
            List<CertificateSigningRequestCondition> now, List<CertificateSigningRequestCondition> old, Check check) {
        var before = types(old);
        boolean mayDouble = before.size() < old.size();
        var seen = new HashSet<String>();
        Check.each(now, CONDITIONS, (condition, at) -> {
            var type = condition.type();
            if (type.isEmpty() && !before.contains("")) check.add(FieldError.required(at + ".type"));
            var status =
                    condition.raw(CertificateSigningRequestCondition.STATUS).string();
            var allowed = FINAL.contains(type) ? Set.of("True") : Enumeration.texts(ConditionStatus.values());
            if (check.required(status, at + ".status") && !allowed.contains(status))
                check.notSupported(at + ".status", status, allowed);
            if (!seen.add(type) && !mayDouble) check.duplicate(at + ".type", type);
            if (DECISIONS.contains(type) && seen.containsAll(DECISIONS) && !before.containsAll(DECISIONS))
                check.invalid(CONDITIONS, type, "Approved and Denied conditions are mutually exclusive");
        });
    }

    private static List<CertificateSigningRequestCondition> of(
            List<CertificateSigningRequestCondition> conditions, String type) {
        return conditions.stream().filter(each -> each.type().equals(type)).toList();
    }

    private static void kept(
            List<CertificateSigningRequestCondition> now,
            List<CertificateSigningRequestCondition> old,
            boolean approval,
            Check check) {
        for (var type : FINAL) {
            var after = of(now, type);
            var before = of(old, type);
            boolean frozen = !approval && DECISIONS.contains(type);
            if (after.size() < before.size())
                check.forbidden(CONDITIONS, "updates may not remove a condition of type \"" + type + "\"");
            else if (frozen && after.size() > before.size())
                check.forbidden(CONDITIONS, "updates may not add a condition of type \"" + type + "\"");
            else if (frozen && !same(after, before))
                check.forbidden(CONDITIONS, "updates may not modify a condition of type \"" + type + "\"");
        }
    }

    private static boolean same(
            List<CertificateSigningRequestCondition> now, List<CertificateSigningRequestCondition> old) {
        for (int i = 0; i < now.size(); i++) if (!now.get(i).semanticEquals(old.get(i))) return false;
        return true;
    }

    private static void certificate(View now, View old, boolean approval, Check check) {
        var path = "status.certificate";
        if (now.string().equals(old.string())) return;
        if (approval) check.forbidden(path, "updates may not set certificate content");
        else if (!old.string().isEmpty()) check.forbidden(path, "updates may not modify existing certificate content");
        if (!error(old.string()).isEmpty()) return;
        var why = error(now.string());
        if (!why.isEmpty()) check.invalid(path, "<certificate data>", why);
    }

    /// What is wrong with certificates in PEM, or `""`.
    ///
    /// @param encoded the text in base64
    private static String error(String encoded) {
        if (encoded.isEmpty()) return "";
        var pem = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
        var blocks = BLOCK.matcher(pem);
        int found = 0;
        while (blocks.find()) {
            found++;
            if (!blocks.group(1).equals("CERTIFICATE"))
                return "only CERTIFICATE PEM blocks are allowed, found \"" + blocks.group(1) + "\"";
            if (blocks.group(2).contains(":")) return "no PEM block headers are permitted";
            if (!readable(blocks.group(2))) return "x509: malformed certificate";
        }
        return found == 0 ? "must contain at least one CERTIFICATE PEM block" : "";
    }

    private static boolean readable(String base64) {
        try {
            var der = Base64.getMimeDecoder().decode(base64);
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)) != null;
        } catch (CertificateException | IllegalArgumentException e) {
            return false;
        }
    }
}
