package io.navarch.controllers.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.certificate.CertificateController.Answer;
import io.navarch.controllers.certificate.CertificateController.AutoApproval;
import io.navarch.controllers.certificate.CertificateController.Seen;
import io.navarch.controllers.certificate.CertificateRules.Wants;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.Attribute;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.ConditionStatus;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateControllerTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = CREATED.plusSeconds(60);
    private static final String KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";

    private static CertificateSigningRequest request(String signer, String... conditions) {
        return CertificateSigningRequest.builder()
                .metadata(metadata -> metadata.name("csr").uid("u").creationTimestamp(CREATED))
                .spec(spec -> spec.signerName(signer).username("system:node:a").usages(List.of("client auth")))
                .status(status -> {
                    for (var condition : conditions)
                        status.addConditions(it -> it.type(condition).status(ConditionStatus.TRUE));
                })
                .build();
    }

    private static Decision decide(CertificateSigningRequest request, Answer answer, Instant now) {
        return new CertificateController().decide(new Seen(request, answer), now);
    }

    private static CertificateSigningRequest written(Decision decision) {
        assertThat(decision.actions()).hasSize(1);
        return CertificateSigningRequest.of(
                View.of(((Action.Update) decision.actions().getFirst()).object()));
    }

    /// Only these are read, reviewed or signed.
    @ParameterizedTest
    @CsvSource({
        "kubernetes.io/kube-apiserver-client-kubelet, '', APPROVAL",
        "kubernetes.io/kube-apiserver-client, '', NOTHING",
        "example.org/mine, '', NOTHING",
        "kubernetes.io/kube-apiserver-client-kubelet, Approved, CERTIFICATE",
        "kubernetes.io/kube-apiserver-client, Approved, CERTIFICATE",
        "kubernetes.io/legacy-unknown, Approved, CERTIFICATE",
        "example.org/mine, Approved, NOTHING",
        "kubernetes.io/kube-apiserver-client, Denied, NOTHING",
        "kubernetes.io/kube-apiserver-client, Failed, NOTHING"
    })
    void whatARequestWants(String signer, String condition, Wants wants) {
        var request = condition.isEmpty() ? request(signer) : request(signer, condition);
        assertThat(CertificateRules.wants(request, NOW)).isEqualTo(wants);
        assertThat(CertificateRules.wants(request, NOW.plus(Duration.ofDays(1))))
                .isEqualTo(Wants.NOTHING);
    }

    @Test
    void aRequestWithoutAnAnswerIsLeftAloneUntilItIsOld() {
        var decision = decide(request(KUBELET), new Answer.None(), NOW);
        assertThat(decision.actions()).isEmpty();
        assertThat(decision.requeueAfter()).contains(Duration.ofHours(24).minusSeconds(59));
        assertThat(decide(request(KUBELET), new Answer.None(), CREATED.plus(Duration.ofHours(24)))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Delete.class);
        assertThat(decide(request(KUBELET, "Denied"), new Answer.None(), CREATED.plus(Duration.ofHours(1)))
                        .actions())
                .singleElement()
                .isInstanceOf(Action.Delete.class);
    }

    @Test
    void anApprovalIsACondition() {
        var decision = decide(request(KUBELET), new Answer.Approval(AutoApproval.SELF), NOW);
        assertThat(((Action.Update) decision.actions().getFirst()).subresource())
                .isEqualTo("approval");
        var condition = written(decision).status().conditions().getFirst();
        assertThat(condition.type()).isEqualTo("Approved");
        assertThat(condition.reason()).isEqualTo("AutoApproved");
        assertThat(condition.message())
                .isEqualTo("Auto approving self kubelet client certificate after SubjectAccessReview.");
        assertThat(condition.lastUpdateTime()).contains(NOW);
    }

    @Test
    void aCertificateIsPublished() {
        var decision = decide(request(KUBELET, "Approved"), new Answer.Certificate("PEM"), NOW);
        assertThat(decision.status()).isPresent();
        assertThat(new String(written(decision).status().certificate(), StandardCharsets.US_ASCII))
                .isEqualTo("PEM");
    }

    @Test
    void whatCannotBeSignedHasFailed() {
        var problem = new CertificateRules.Problem("not a certificate request");
        var decision = decide(request(KUBELET, "Approved"), new Answer.Failure(problem), NOW);
        var condition = written(decision).status().conditions().getLast();
        assertThat(condition.type()).isEqualTo("Failed");
        assertThat(condition.reason()).isEqualTo("SignerValidationFailure");
        assertThat(decision.waitingOn()).containsExactly(problem);
    }

    private static final String SERVING = "kubernetes.io/kubelet-serving";
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";

    private static String problem(
            String signer, String name, List<String> organizations, AlternativeNames names, String... usages) {
        var subject = new ArrayList<Attribute>();
        for (var each : organizations) subject.add(new Attribute(CertificateRequest.ORGANIZATION, each));
        subject.add(new Attribute(CertificateRequest.COMMON_NAME, name));
        var request = request(signer).toBuilder()
                .editSpec(spec -> spec.usages(List.of(usages)))
                .build();
        return CertificateRules.problem(request, new CertificateRequest(subject, names, new byte[0]))
                .map(CertificateRules.Problem::message)
                .orElse("");
    }

    private static AlternativeNames dns(String... names) {
        return new AlternativeNames(List.of(names), List.of(), List.of(), List.of());
    }

    @Test
    void whatSignersInsistOn() {
        var nodes = List.of("system:nodes");
        var none = AlternativeNames.NONE;
        var wrongGroup = "subject organization is not system:nodes";
        var wrongName = "subject common name does not begin with system:node:";
        var client = new String[] {"digital signature", "client auth"};
        var server = new String[] {"key encipherment", "digital signature", "server auth"};
        assertThat(problem(CLIENT, "a", List.of(), none, client)).isEmpty();
        assertThat(problem(CLIENT, "a", List.of("b", "system:masters"), none, client))
                .isEqualTo(
                        "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
        assertThat(problem(CLIENT, "a", List.of(), none, "digital signature"))
                .isEqualTo("missing required usage for client certificate: client auth");
        assertThat(problem(CLIENT, "a", List.of(), none, "client auth", "cert sign"))
                .isEqualTo("invalid usage for client certificate: cert sign");
        assertThat(problem(KUBELET, "system:node:a", nodes, none, client)).isEmpty();
        assertThat(problem(KUBELET, "system:node:a", List.of("system:nodes", "system:masters"), none, client))
                .isEqualTo(wrongGroup);
        assertThat(problem(KUBELET, "system:kube-controller-manager", nodes, none, client))
                .isEqualTo(wrongName);
        assertThat(problem(KUBELET, "system:node:a", nodes, dns("a"), client))
                .isEqualTo("DNS subjectAltNames are not allowed");
        assertThat(problem(KUBELET, "system:node:a", nodes, none, "client auth"))
                .isEqualTo("usages did not match [client auth digital signature key encipherment]");
        assertThat(problem(SERVING, "system:node:a", nodes, dns("a"), server)).isEmpty();
        assertThat(problem(SERVING, "system:node:a", nodes, none, server))
                .isEqualTo("DNS or IP subjectAltName is required");
        assertThat(problem(SERVING, "system:node:a", nodes, dns("a"), "server auth", "client auth"))
                .isEqualTo("usages did not match [digital signature key encipherment server auth]");
        assertThat(problem(SERVING, "a", nodes, dns("a"), server)).isEqualTo(wrongName);
    }

    @ParameterizedTest
    @CsvSource({"60, PT10M", "3600, PT1H", "99999999, P365D"})
    void validityHasBounds(int asked, Duration validity) {
        var request = request(KUBELET).toBuilder()
                .spec(spec -> spec.expirationSeconds(asked))
                .build();
        assertThat(CertificateRules.validity(request)).isEqualTo(validity);
        assertThat(CertificateRules.validity(request(KUBELET))).isEqualTo(Duration.ofDays(365));
    }
}
