package io.navarch.kinds.certificatesigningrequest;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.CertificateSigningRequestConditionType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreshKeyTest {
    private static CertificateRequest read(FreshKey key) {
        return CertificateRequest.parse(key.request().getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aRequestIsReadAsItWasMeant() {
        var names = new AlternativeNames(List.of("worker"), List.of("192.0.2.8"), List.of(), List.of());
        var made = FreshKey.of(new SecureRandom(), "system:node:worker", List.of("system:nodes"), names);
        assertThat(made.key()).startsWith("-----BEGIN PRIVATE KEY-----\n");
        var asked = read(made);
        assertThat(asked.commonName()).isEqualTo("system:node:worker");
        assertThat(asked.organizations()).containsExactly("system:nodes");
        assertThat(asked.names()).isEqualTo(names);
    }

    /// Names of which nothing is a separator or an escape, however it looks.
    @Test
    void namesAreTextOfAnyLength() {
        var groups = IntStream.range(0, 30).mapToObj(i -> "group-" + i).toList();
        var asked = read(FreshKey.of(new SecureRandom(), "ö,O=system:masters+CN=\"x\"", groups, AlternativeNames.NONE));
        assertThat(asked.commonName()).isEqualTo("ö,O=system:masters+CN=\"x\"");
        assertThat(asked.organizations()).isEqualTo(groups);
        assertThat(asked.names()).isEqualTo(AlternativeNames.NONE);
    }

    private static RequestProgress progress(String certificate, String... conditions) {
        var request = CertificateSigningRequest.builder()
                .metadata(metadata -> metadata.name("csr"))
                .status(status -> {
                    for (var type : conditions)
                        status.addConditions(condition -> condition.type(type).message("because"));
                    if (!certificate.isEmpty()) status.certificate(certificate.getBytes(StandardCharsets.US_ASCII));
                });
        return RequestProgress.of(request.build());
    }

    @Test
    void aRequestIsFollowedToItsEnd() {
        var approved = CertificateSigningRequestConditionType.APPROVED;
        assertThat(progress("")).isEqualTo(new RequestProgress.Waiting(false));
        assertThat(progress("", approved)).isEqualTo(new RequestProgress.Waiting(true));
        assertThat(progress("pem", approved)).isEqualTo(new RequestProgress.Issued("pem"));
        assertThat(progress("pem")).isEqualTo(new RequestProgress.Waiting(false));
        assertThat(progress("", CertificateSigningRequestConditionType.DENIED))
                .isEqualTo(new RequestProgress.Refused("it was denied: because"));
        assertThat(progress("", approved, CertificateSigningRequestConditionType.FAILED))
                .isEqualTo(new RequestProgress.Refused("it could not be signed: because"));
        assertThat(progress("pem", approved, CertificateSigningRequestConditionType.DENIED))
                .isInstanceOf(RequestProgress.Refused.class);
        assertThat(RequestProgress.of(CertificateSigningRequest.ABSENT)).isEqualTo(new RequestProgress.Gone());
    }
}
