package io.navarch.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.EndpointPort;
import io.navarch.model.Protocol;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeObjectsTest {
    private final ApiInMemory api = new ApiInMemory();

    private List<String> portNames(String portName, Protocol... protocols) {
        new ServiceEndpoints(new ObjectKey("a", "b"), portName, "192.0.2.1", 5, List.of(protocols)).apply(api.client());
        return api.get(Resources.ENDPOINTS, "a", "b").subsets().getFirst().ports().stream()
                .map(EndpointPort::name)
                .toList();
    }

    @Test
    void portsOfSeveralProtocolsHaveNamesThatDiffer() {
        assertThat(portNames("https", Protocol.TCP)).containsExactly("https");
        assertThat(portNames("dns", Protocol.UDP, Protocol.TCP)).containsExactly("dns", "dns-tcp");
        assertThat(portNames("", Protocol.UDP, Protocol.TCP)).containsExactly("", "");
    }

    @Test
    void endpointsAreNotMirroredBecauseTheSliceIsWrittenWithThem() {
        portNames("x", Protocol.TCP);
        assertThat(api.get(Resources.ENDPOINTS, "a", "b").labels())
                .containsEntry("endpointslice.kubernetes.io/skip-mirror", "true");
        assertThat(api.get(Resources.ENDPOINT_SLICES, "a", "b").labels())
                .containsEntry("kubernetes.io/service-name", "b");
    }

    @Test
    void theDnsServiceIsMadeOnceAndItsEndpointsFollowTheNode() {
        var objects = new NodeObjects(api.client());
        objects.dnsService("10.96.0.10", "192.0.2.1", 10053);
        objects.dnsService("10.96.0.99", "192.0.2.2", 10053);
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
