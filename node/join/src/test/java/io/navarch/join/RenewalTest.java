package io.navarch.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.ConfigMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalTest {
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aCertificateIsRenewedBetweenSevenAndNineTenthsOfItsLife() {
        var life = new CertificateLife(FROM, FROM.plus(Duration.ofDays(100)));
        assertThat(life.renewal(0)).isEqualTo(FROM.plus(Duration.ofDays(70)));
        assertThat(life.renewal(1)).isEqualTo(FROM.plus(Duration.ofDays(90)));
        assertThat(life.holds(FROM)).isTrue();
        assertThat(life.holds(FROM.minusSeconds(1))).isFalse();
        assertThat(life.holds(life.to())).isFalse();
    }

    @Test
    void whatFailsIsTriedAgainLaterAndLater() throws Exception {
        var now = new AtomicReference<>(FROM);
        var tries = new AtomicInteger();
        var renewal = new Renewal(
                Optional.empty(),
                () -> {
                    tries.incrementAndGet();
                    throw new IOException("denied");
                },
                now::get,
                new Random(1));
        renewal.look();
        renewal.look();
        assertThat(tries).hasValue(1);
        now.set(FROM.plusSeconds(10));
        renewal.look();
        now.set(FROM.plusSeconds(29));
        renewal.look();
        assertThat(tries).hasValue(2);
        now.set(FROM.plusSeconds(30));
        renewal.look();
        assertThat(tries).hasValue(3);
    }

    @Test
    void aNewCertificateWaitsForItsOwnTime() throws Exception {
        var tries = new AtomicInteger();
        var certificate = NodeCertificate.of(text("certificate.pem"));
        var now = new AtomicReference<>(certificate.life().from());
        var renewal = new Renewal(
                Optional.empty(),
                () -> {
                    tries.incrementAndGet();
                    return certificate;
                },
                now::get,
                new Random(1));
        renewal.look();
        renewal.look();
        assertThat(tries).hasValue(1);
        now.set(certificate.life().renewal(1));
        renewal.look();
        assertThat(tries).hasValue(2);
        assertThat(certificate.user()).isEqualTo("system:node:worker");
        assertThat(certificate.names(List.of("worker", "192.0.2.8"))).isTrue();
        assertThat(certificate.names(List.of("worker", "192.0.2.9"))).isFalse();
    }

    private static String text(String name) throws IOException {
        try (var stream = RenewalTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static final ConfigMap CLUSTER = ConfigMap.builder()
            .putData("ClusterConfiguration", "{networking: {podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/16}}")
            .build();

    private static ConfigMap settings(String kubelet) {
        return ConfigMap.builder().putData("kubelet", kubelet).build();
    }

    @Test
    void settingsAreReadAsKubeadmWritesThem() throws IOException {
        var cluster =
                ClusterNetwork.read(settings("{clusterDNS: [10.96.0.10], clusterDomain: cluster.local}"), CLUSTER);
        assertThat(cluster.serviceCidr()).isEqualTo("10.96.0.0/16");
        var place = NodePlace.given(cluster, "10.244.1.0/24");
        assertThat(place).isEqualTo(new NodePlace("10.244.1.0/24", "10.244.0.0/16", "10.96.0.10", "cluster.local"));
    }

    /// They end up in rules of the kernel and in files that others read.
    @ParameterizedTest
    @CsvSource({
        "'10.244.1.0/24 } delete table ip x', 10.96.0.10, cluster.local",
        "10.244.1.0/24, '10.96.0.10\nnameserver 192.0.2.1', cluster.local",
        "10.244.1.0/24, 10.96.0.10, 'cluster.local\nx'",
        "10.244.1.0/24, '', cluster.local"
    })
    void settingsThatSayMoreThanTheyShouldAreRefused(String network, String dns, String domain) {
        var quoted = domain.replace("\n", "\\n");
        var kubelet = "{clusterDNS: [\"" + dns.replace("\n", "\\n") + "\"], clusterDomain: \"" + quoted + "\"}";
        assertThatThrownBy(() -> NodePlace.given(ClusterNetwork.read(settings(kubelet), CLUSTER), network))
                .isInstanceOf(IOException.class);
    }
}
