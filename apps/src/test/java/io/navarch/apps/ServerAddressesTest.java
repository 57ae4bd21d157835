package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Options;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where a server is found, and under which names.
class ServerAddressesTest {
    private static ServerConfig config(List<String> arguments) {
        return ServerOptions.read(
                Options.parse(ServerOptions.DECLARED, arguments, Map.of()), new Host("here", "192.0.2.7"));
    }

    @Test
    void addressesOfServicesAreCountedFromTheirNetwork() {
        var network = config(List.of("--service-cidr", "10.0.255.250/16")).network();
        assertThat(network.apiServerAddress()).isEqualTo("10.0.255.251");
        assertThat(network.dnsAddress()).isEqualTo("10.1.0.4");
    }

    @Test
    void theCertificateHasEveryNameOfTheApiOnce() {
        var names = config(List.of("--tls-san", "a", "--tls-san", "b")).certificateNames();
        assertThat(names)
                .containsExactly(
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc.cluster.local",
                        "localhost",
                        "here",
                        "127.0.0.1",
                        "10.96.0.1",
                        "192.0.2.7",
                        "a",
                        "b");
    }
}
