package io.navarch.podnetwork;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRouteTest {
    private static final OwnNetwork OWN = new OwnNetwork("10.244.0.0/16", "10.244.0.0/24", "192.0.2.1");
    private static final PodRoute ONE = new PodRoute("10.244.1.0/24", "192.0.2.2");
    private static final PodRoute TWO = new PodRoute("10.244.2.0/24", "192.0.2.3");

    @Test
    void routesLeadToAllNodesButThisOne() {
        assertThat(PodRoute.wanted(Map.of("10.244.0.0/24", "192.0.2.1", "10.244.1.0/24", "192.0.2.2"), OWN))
                .containsExactly(ONE);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 192.0.2.2",
        "10.0.0.0/8, 192.0.2.2",
        "10.244.0.0/16, 192.0.2.2",
        "10.244.0.128/25, 192.0.2.2",
        "10.96.0.0/24, 192.0.2.2",
        "10.244.1.1/24, 192.0.2.2",
        "10.244.1.0, 192.0.2.2",
        "10.244.1.0/24, 192.0.2.1",
        "10.244.1.0/24, 10.244.2.1",
        "10.244.1.0/24, 127.0.0.1",
        "10.244.1.0/24, 224.0.0.1",
        "10.244.1.0/24, dev",
        "10.244.1.0/24, 2001:db8::1"
    })
    void noRouteLeadsElsewhere(String network, String gateway) {
        assertThat(PodRoute.wanted(Map.of(network, gateway), OWN)).isEmpty();
    }

    @Test
    void whatIsThereStays() {
        assertThat(RoutePlan.of(List.of(ONE, TWO), List.of(ONE))).isEqualTo(new RoutePlan(List.of(), List.of(TWO)));
        assertThat(RoutePlan.of(List.of(), List.of(ONE))).isEqualTo(new RoutePlan(List.of(ONE), List.of()));
        var moved = new PodRoute(ONE.network(), "192.0.2.9");
        assertThat(RoutePlan.of(List.of(moved), List.of(ONE))).isEqualTo(new RoutePlan(List.of(ONE), List.of(moved)));
    }
}
