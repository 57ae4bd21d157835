package io.navarch.controllers.servingapprover;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.servingapprover.KubeletServingApprover.Seen;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.Signers;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.Node;
import io.navarch.model.NodeAddressType;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KubeletServingApproverTest {
    private static final Node NODE = Node.builder()
            .metadata(metadata -> metadata.name("a"))
            .status(status -> status.addAddresses(
                            address -> address.type(NodeAddressType.INTERNAL_IP).address("192.0.2.8"))
                    .addAddresses(
                            address -> address.type(NodeAddressType.HOSTNAME).address("a")))
            .build();

    private static boolean approved(String user, String name, String group, Node node, String... names) {
        var addresses =
                List.of(names).stream().filter(each -> each.matches("[0-9.]+")).toList();
        var dns = List.of(names).stream()
                .filter(each -> !addresses.contains(each))
                .toList();
        var key = FreshKey.of(
                new SecureRandom(), name, List.of(group), new AlternativeNames(dns, addresses, List.of(), List.of()));
        var request = CertificateSigningRequest.builder()
                .metadata(metadata -> metadata.name("csr"))
                .spec(spec -> spec.signerName(Signers.KUBELET_SERVING)
                        .username(user)
                        .groups(List.of("system:nodes", "system:authenticated"))
                        .request(key.request().getBytes(StandardCharsets.US_ASCII)))
                .build();
        return !new KubeletServingApprover()
                .decide(new Seen(request, node), Instant.EPOCH)
                .actions()
                .isEmpty();
    }

    @Test
    void aNodeMayServeUnderItsOwnNamesOnly() {
        var own = "system:node:a";
        assertThat(approved(own, own, "system:nodes", NODE, "a", "192.0.2.8")).isTrue();
        assertThat(approved(own, own, "system:nodes", NODE, "a", "192.0.2.9")).isFalse();
        assertThat(approved(own, own, "system:nodes", NODE, "kubernetes.default.svc"))
                .isFalse();
        assertThat(approved(own, "system:node:b", "system:nodes", NODE, "a")).isFalse();
        assertThat(approved(own, own, "system:masters", NODE, "a")).isFalse();
        assertThat(approved(own, own, "system:nodes", Node.ABSENT, "a")).isFalse();
    }
}
