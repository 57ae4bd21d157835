package io.navarch.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import org.junit.jupiter.api.Test;

class NodeObjectsTest {
    private final ApiInMemory api = new ApiInMemory();

    @Test
    void endpointsAreNotMirroredBecauseTheSliceIsWrittenWithThem() {
        ServiceEndpoints.https(new ObjectKey("a", "b"), "192.0.2.1", 5).apply(api.client());
        assertThat(api.get(Resources.ENDPOINTS, "a", "b").labels())
                .containsEntry("endpointslice.kubernetes.io/skip-mirror", "true");
        assertThat(api.get(Resources.ENDPOINT_SLICES, "a", "b").labels())
                .containsEntry("kubernetes.io/service-name", "b");
    }

    @Test
    void theDnsServiceIsMadeOnceAndItsEndpointsFollowTheNode() {
        var objects = new NodeObjects(api.client());
        objects.dnsService("10.96.0.10", "192.0.2.1", new NodeObjects.DnsPorts(10053, 0));
        objects.dnsService("10.96.0.99", "192.0.2.2", new NodeObjects.DnsPorts(10053, 0));
        var service = api.get(Resources.SERVICES, "kube-system", "kube-dns");
        assertThat(service.spec().clusterIP()).isEqualTo("10.96.0.10");
        assertThat(service.spec().ports())
                .extracting(port -> port.targetPort().value())
                .containsOnly(10053L);
        assertThat(api.get(Resources.ENDPOINT_SLICES, "kube-system", "kube-dns")
                        .endpoints()
                        .getFirst()
                        .addresses())
                .containsExactly("192.0.2.2");
    }

    @Test
    void metricsOfTheNameServerAreFound() {
        new NodeObjects(api.client()).dnsService("10.96.0.10", "192.0.2.1", new NodeObjects.DnsPorts(10053, 9155));
        var service = api.get(Resources.SERVICES, "kube-system", "kube-dns");
        assertThat(service.spec().ports())
                .extracting(port -> port.name() + " " + port.port() + " "
                        + port.targetPort().value())
                .containsExactly("dns 53 10053", "dns-tcp 53 10053", "metrics 9153 9155");
        assertThat(service.metadata().annotations())
                .containsEntry("prometheus.io/scrape", "true")
                .containsEntry("prometheus.io/port", "9155");
        assertThat(api.get(Resources.ENDPOINT_SLICES, "kube-system", "kube-dns").ports())
                .extracting(port -> port.name() + " " + port.port())
                .contains("metrics 9155");
    }

    /// Its Service was made without them.
    @Test
    void anOlderClusterGetsThem() {
        var objects = new NodeObjects(api.client());
        objects.dnsService("10.96.0.10", "192.0.2.1", new NodeObjects.DnsPorts(10053, 0));
        objects.dnsService("10.96.0.10", "192.0.2.1", new NodeObjects.DnsPorts(10053, 9153));
        assertThat(api.get(Resources.SERVICES, "kube-system", "kube-dns").spec().ports())
                .extracting(port -> port.name())
                .contains("metrics");
    }

    /// Another node may have come first: the cluster's server is on one of several.
    @Test
    void aNodeGetsANetworkThatNoOtherHas() {
        var objects = new NodeObjects(api.client());
        var networks = new PodNetworks("10.244.0.0/16");
        assertThat(objects.network("first", networks)).isEqualTo("10.244.0.0/24");
        assertThat(objects.network("second", networks)).isEqualTo("10.244.1.0/24");
        assertThat(objects.network("first", networks)).isEqualTo("10.244.0.0/24");
        assertThat(api.get(Resources.NODES, "", "second").spec().podCIDRs()).containsExactly("10.244.1.0/24");
    }

    @Test
    void theNodeIsMarked() {
        new NodeObjects(api.client()).markControlPlane("here");
        assertThat(api.get(Resources.NODES, "", "here").labels())
                .containsEntry("node-role.kubernetes.io/control-plane", "");
    }
}
