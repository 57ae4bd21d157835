package io.navarch.kinds.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConfigMap;
import io.navarch.model.Node;
import io.navarch.model.NodeAddressType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodNetworksTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PodNetworks networks = new PodNetworks("10.244.0.0/16");

    /// @param age in minutes
    private static Node node(String name, String network, String address, int age) {
        return Node.builder()
                .metadata(metadata -> metadata.name(name).creationTimestamp(START.minusSeconds(60L * age)))
                .spec(spec -> spec.podCIDR(network))
                .status(status -> status.addAddresses(
                        each -> each.type(NodeAddressType.INTERNAL_IP).address(address)))
                .build();
    }

    @Test
    void theFirstThatNobodyHasIsFree() {
        assertThat(networks.free(List.of())).hasValue("10.244.0.0/24");
        assertThat(networks.free(List.of(
                        node("a", "10.244.0.0/24", "192.0.2.1", 1), node("b", "10.244.2.0/24", "192.0.2.2", 1))))
                .hasValue("10.244.1.0/24");
        var small = new PodNetworks("10.9.0.0/24");
        assertThat(small.count()).isEqualTo(1);
        assertThat(small.free(List.of(node("a", "10.9.0.0/24", "192.0.2.1", 1))))
                .isEmpty();
        assertThat(networks.at(255)).isEqualTo("10.244.255.0/24");
    }

    @Test
    void eachNetworkIsReachedThroughItsNode() {
        assertThat(networks.gateways(List.of(
                        node("b", "10.244.1.0/24", "192.0.2.2", 1),
                        node("a", "10.244.0.0/24", "192.0.2.1", 2),
                        node("none", "", "192.0.2.3", 3))))
                .isEqualTo(Map.of("10.244.0.0/24", "192.0.2.1", "10.244.1.0/24", "192.0.2.2"));
    }

    /// A node says itself which address it has, and when it registers itself also which network.
    @ParameterizedTest
    @CsvSource({
        "10.244.0.0/24, 192.0.2.9", // that of another
        "10.244.0.128/25, 192.0.2.9", // a part of it
        "10.244.0.0/16, 192.0.2.9", // that of all
        "10.244.1.0/24, 192.0.2.1", // the address of another
        "0.0.0.0/0, 192.0.2.9",
        "10.96.0.0/24, 192.0.2.9",
        "192.0.2.0/24, 192.0.2.9",
        "10.244.1.7/24, 192.0.2.9",
        "10.244.1.0/24, 127.0.0.1",
        "10.244.1.0/24, 169.254.169.254",
        "10.244.1.0/24, 0.0.0.0",
        "10.244.1.0/24, 2001:db8::1",
        "x, 192.0.2.9"
    })
    void whatANodeClaimsTakesNothingFromOthers(String network, String address) {
        var good = node("good", "10.244.0.0/24", "192.0.2.1", 5);
        assertThat(networks.gateways(List.of(node("a-bad", network, address, 1), good)))
                .isEqualTo(Map.of("10.244.0.0/24", "192.0.2.1"));
    }

    @Test
    void whatIsWrittenIsRead() {
        var written = new NodeGateways(Map.of("10.244.0.0/24", "192.0.2.1"));
        assertThat(NodeGateways.read(written.written())).isEqualTo(written);
        assertThat(NodeGateways.read(ConfigMap.ABSENT).byNetwork()).isEmpty();
    }
}
