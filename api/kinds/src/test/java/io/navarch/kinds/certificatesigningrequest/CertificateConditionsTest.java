package io.navarch.kinds.certificatesigningrequest;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.support.ObjectsInMemory;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificateConditionsTest {
    private static final Instant BEFORE = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final CertificateConditions conditions = new CertificateConditions(InstantSource.fixed(NOW));

    private static CertificateSigningRequest with(String type, String message, @Nullable Instant since) {
        return CertificateSigningRequest.builder()
                .status(status -> status.addConditions(condition -> {
                    condition.type(type).status(ConditionStatus.TRUE).message(message);
                    if (since != null) condition.lastTransitionTime(since).lastUpdateTime(since);
                }))
                .build();
    }

    private CertificateSigningRequest written(
            String subresource, CertificateSigningRequest sent, CertificateSigningRequest old) {
        var type = Resources.CERTIFICATE_SIGNING_REQUESTS;
        var call = new Admission.Attributes(
                Operation.UPDATE,
                type.group(),
                type.version(),
                type.plural(),
                subresource,
                "",
                "a",
                "u",
                "",
                List.of(),
                Map.of(),
                warning -> {});
        assertThat(conditions.handles(call)).isTrue();
        var tree = Trees.copy(sent.view().map());
        conditions.admit(call, tree, old.view(), new ObjectsInMemory());
        return new CertificateSigningRequest(tree);
    }

    @Test
    void timesThatAreNotToldAreFilledIn() {
        var result = written("approval", with("Approved", "", null), CertificateSigningRequest.ABSENT);
        var condition = result.status().conditions().getFirst();
        assertThat(condition.lastUpdateTime()).contains(NOW);
        assertThat(condition.lastTransitionTime()).contains(NOW);
    }

    @Test
    void theTransitionOfAConditionThatHeldBeforeIsKept() {
        var result = written("approval", with("Approved", "", null), with("Approved", "", BEFORE));
        var condition = result.status().conditions().getFirst();
        assertThat(condition.lastUpdateTime()).contains(NOW);
        assertThat(condition.lastTransitionTime()).contains(BEFORE);
    }

    @Test
    void aStatusChangesNoDecision() {
        var result = written("status", with("Approved", "changed", NOW), with("Approved", "as it was", BEFORE));
        var condition = result.status().conditions().getFirst();
        assertThat(condition.message()).isEqualTo("as it was");
        assertThat(condition.lastUpdateTime()).contains(BEFORE);
    }
}
