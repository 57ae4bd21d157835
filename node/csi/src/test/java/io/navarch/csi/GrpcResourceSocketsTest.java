package io.navarch.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.csi.ResourceSockets.ContainerResources;
import io.navarch.csi.ResourceSockets.Device;
import io.navarch.csi.ResourceSockets.Memory;
import io.navarch.csi.ResourceSockets.PodResources;
import io.navarch.csi.ResourceSockets.Resources;
import io.navarch.csi.podresources.PodResourcesListerGrpc;
import io.navarch.csi.podresources.ResourcesApi.AllocatableResourcesRequest;
import io.navarch.csi.podresources.ResourcesApi.GetPodResourcesRequest;
import io.navarch.csi.podresources.ResourcesApi.ListPodResourcesRequest;
import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The node's socket, and a client of the published interface.
@Timeout(60)
class GrpcResourceSocketsTest {
    private static final Resources RESOURCES = new Resources(
            List.of(new Device("example.com/d", "a", List.of(0, 1)), new Device("example.com/d", "b", List.of())),
            List.of(2, 3),
            List.of(new Memory("memory", 1L << 40, List.of(0))));
    private static final PodResources POD =
            new PodResources("p", "ns", List.of(new ContainerResources("c", RESOURCES)));

    @TempDir
    Path directory;

    private static final class Source implements ResourceSockets.Source {
        @Override
        public List<PodResources> pods() {
            return List.of(POD);
        }

        @Override
        public Optional<PodResources> pod(String namespace, String name) {
            return Optional.of(POD)
                    .filter(pod ->
                            pod.namespace().equals(namespace) && pod.name().equals(name));
        }

        @Override
        public Resources allocatable() {
            return new Resources(List.of(), Set.of(1), List.of());
        }
    }

    @Test
    void programsAreToldWhatContainersHave() throws IOException {
        var group = new EpollEventLoopGroup(1);
        var socket = directory.resolve("kubelet.sock");
        try (var listening = new GrpcResourceSockets(group).listen(socket, new Source())) {
            var calls = new GrpcCalls(socket.toString(), group);
            var list = calls.make(channel ->
                    PodResourcesListerGrpc.newBlockingStub(channel).list(ListPodResourcesRequest.getDefaultInstance()));
            assertThat(list.getPodResourcesList()).hasSize(1);
            var container = list.getPodResources(0).getContainers(0);
            assertThat(container.getName()).isEqualTo("c");
            assertThat(container.getCpuIdsList()).containsExactly(2L, 3L);
            // One for each node of a device, and one without for a device that does not say where it is.
            assertThat(container.getDevicesList())
                    .extracting(each -> each.getDeviceIds(0)
                            + each.getTopology().getNodesList().stream()
                                    .map(node -> node.getID())
                                    .toList())
                    .containsExactly("a[0]", "a[1]", "b[]");
            assertThat(container.getDevices(2).hasTopology()).isFalse();
            assertThat(container.getMemory(0).getSize()).isEqualTo(1L << 40);
            var get = calls.make(channel -> PodResourcesListerGrpc.newBlockingStub(channel)
                    .get(GetPodResourcesRequest.newBuilder()
                            .setPodName("p")
                            .setPodNamespace("ns")
                            .build()));
            assertThat(get.getPodResources()).isEqualTo(list.getPodResources(0));
            assertThatThrownBy(() -> calls.make(channel -> PodResourcesListerGrpc.newBlockingStub(channel)
                            .get(GetPodResourcesRequest.newBuilder()
                                    .setPodName("q")
                                    .setPodNamespace("ns")
                                    .build())))
                    .hasMessageContaining("pod q in namespace ns not found");
            var allocatable = calls.make(channel -> PodResourcesListerGrpc.newBlockingStub(channel)
                    .getAllocatableResources(AllocatableResourcesRequest.getDefaultInstance()));
            assertThat(allocatable.getCpuIdsList()).containsExactly(1L);
            assertThat(listening).isNotNull();
        } finally {
            group.shutdownGracefully();
        }
    }
}
