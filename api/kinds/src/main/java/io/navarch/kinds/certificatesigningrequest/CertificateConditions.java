package io.navarch.kinds.certificatesigningrequest;

import static io.navarch.model.Resources.CERTIFICATE_SIGNING_REQUESTS;

import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestCondition;
import io.navarch.model.CertificateSigningRequestConditionType;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fills in the times of conditions that do not say them, and keeps decisions as they are where only certificates are
/// written.
public final class CertificateConditions implements Admission.Mutating {
    private static final Set<String> DECISIONS =
            Set.of(CertificateSigningRequestConditionType.APPROVED, CertificateSigningRequestConditionType.DENIED);

    private final InstantSource clock;

    public CertificateConditions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(CERTIFICATE_SIGNING_REQUESTS)
                && (call.subresource().equals("status") || call.subresource().equals("approval"));
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> tree, View oldTree, Admission.Lookup lookup) {
        var csr = CertificateSigningRequest.edit(tree);
        var conditions = csr.build().status().conditions();
        if (conditions.isEmpty()) return;
        var before = CertificateSigningRequest.of(oldTree).status().conditions();
        var completed = new ArrayList<>(conditions);
        if (call.subresource().equals("status")) for (var type : DECISIONS) keep(type, completed, before);
        var now = clock.instant();
        completed.replaceAll(condition -> timed(condition, before, now));
        csr.editStatus(status -> status.conditions(completed));
    }

    /// Where there are as many of a type as before, they are the ones from before.
    private static void keep(
            String type,
            List<CertificateSigningRequestCondition> conditions,
            List<CertificateSigningRequestCondition> before) {
        var known = before.stream().filter(each -> each.type().equals(type)).toList();
        if (conditions.stream().filter(each -> each.type().equals(type)).count() != known.size()) return;
        var next = known.iterator();
        conditions.replaceAll(each -> each.type().equals(type) ? next.next() : each);
    }

    private static CertificateSigningRequestCondition timed(
            CertificateSigningRequestCondition condition,
            List<CertificateSigningRequestCondition> before,
            Instant now) {
        var timed = condition.toBuilder();
        if (!condition.hasLastUpdateTime()) timed.lastUpdateTime(now);
        if (!condition.hasLastTransitionTime()) timed.lastTransitionTime(since(condition, before, now));
        return timed.build();
    }

    private static Instant since(
            CertificateSigningRequestCondition condition,
            List<CertificateSigningRequestCondition> before,
            Instant now) {
        return before.stream()
                .filter(old -> old.type().equals(condition.type()) && old.status() == condition.status())
                .flatMap(old -> old.lastTransitionTime().stream())
                .findFirst()
                .orElse(now);
    }
}
