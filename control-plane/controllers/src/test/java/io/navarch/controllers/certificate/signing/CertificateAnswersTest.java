package io.navarch.controllers.certificate.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Client;
import io.navarch.client.Transport;
import io.navarch.controllers.certificate.CertificateController.Answer;
import io.navarch.controllers.certificate.CertificateController.AutoApproval;
import io.navarch.controllers.certificate.CertificateController.Seen;
import io.navarch.controllers.certificate.Signer;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.Attribute;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.ConditionStatus;
import io.navarch.model.SubjectAccessReview;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAnswersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final List<SubjectAccessReview> reviews = new ArrayList<>();
    private final Set<String> allowed = new HashSet<>();
    private final Set<BigInteger> serials = new HashSet<>();
    private final CertificateAnswers answers =
            new CertificateAnswers(new Client(this::reviewed, "test"), new FakeSigner(), new Random(1));

    /// Reads a request's text as the name in it, and signs it with an echo.
    private final class FakeSigner implements Signer {
        @Override
        public CertificateRequest read(byte[] pem) {
            var text = new String(pem, StandardCharsets.US_ASCII);
            if (text.equals("broken")) throw new IllegalArgumentException("not a certificate request");
            var subject = List.of(
                    new Attribute(CertificateRequest.ORGANIZATION, "system:nodes"),
                    new Attribute(CertificateRequest.COMMON_NAME, text));
            return new CertificateRequest(subject, AlternativeNames.NONE, new byte[0]);
        }

        @Override
        public String sign(
                CertificateRequest request, List<String> usages, Duration validity, Instant now, BigInteger serial) {
            serials.add(serial);
            return request.commonName() + " until " + now.plus(validity);
        }
    }

    private Transport.Response reviewed(String method, String uri, String contentType, byte[] body) {
        var review = SubjectAccessReview.of(View.of(Json.parse(body)));
        reviews.add(review);
        boolean yes = allowed.contains(review.spec().resourceAttributes().subresource());
        var answer = review.toBuilder().status(status -> status.allowed(yes)).build();
        return new Transport.Response(
                201, new ByteArrayInputStream(Json.write(answer.view().map())), () -> {});
    }

    private Answer answer(String pem, String signer, String... conditions) {
        var request = CertificateSigningRequest.builder()
                .metadata(metadata -> metadata.name("csr").creationTimestamp(NOW))
                .spec(spec -> spec.signerName(signer)
                        .request(pem.getBytes(StandardCharsets.US_ASCII))
                        .username("system:node:a")
                        .usages(List.of("client auth", "digital signature")))
                .status(status -> {
                    for (var condition : conditions)
                        status.addConditions(it -> it.type(condition).status(ConditionStatus.TRUE));
                });
        return answers.read(new Seen(request.build(), new Answer.None()), NOW).answer();
    }

    private static final String KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";

    @Test
    void onlyANodesOwnRequestIsReviewedAsItsOwn() {
        allowed.add("selfnodeclient");
        assertThat(answer("system:node:a", KUBELET)).isEqualTo(new Answer.Approval(AutoApproval.SELF));
        assertThat(answer("system:node:b", KUBELET)).isEqualTo(new Answer.None());
        assertThat(reviews)
                .extracting(review -> review.spec().resourceAttributes().subresource())
                .containsExactly("selfnodeclient", "nodeclient");
        allowed.add("nodeclient");
        assertThat(answer("system:node:b", KUBELET)).isEqualTo(new Answer.Approval(AutoApproval.NODE));
    }

    @Test
    void whatNeedsNeitherIsNeitherReviewedNorSigned() {
        assertThat(answer("broken", KUBELET)).isEqualTo(new Answer.None());
        assertThat(answer("someone", KUBELET)).isEqualTo(new Answer.None());
        assertThat(answer("system:node:a", "example.org/mine", "Approved")).isEqualTo(new Answer.None());
        assertThat(answer("system:node:a", KUBELET, "Denied")).isEqualTo(new Answer.None());
        assertThat(reviews).isEmpty();
        assertThat(serials).isEmpty();
    }

    @Test
    void whatIsApprovedIsSignedEachUnderASerialOfItsOwn() {
        for (int i = 0; i < 10; i++)
            assertThat(answer("system:node:a", KUBELET, "Approved"))
                    .isEqualTo(new Answer.Certificate("system:node:a until 2027-01-01T00:00:00Z"));
        assertThat(serials).hasSize(10).allMatch(serial -> serial.signum() > 0);
        assertThat(answer("broken", KUBELET, "Approved")).isInstanceOf(Answer.Failure.class);
        assertThat(answer("someone", KUBELET, "Approved")).isInstanceOf(Answer.Failure.class);
    }
}
