package io.navarch.csi;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.navarch.csi.podresources.PodResourcesListerGrpc;
import io.navarch.csi.podresources.ResourcesApi;
import io.navarch.csi.podresources.ResourcesApi.AllocatableResourcesRequest;
import io.navarch.csi.podresources.ResourcesApi.AllocatableResourcesResponse;
import io.navarch.csi.podresources.ResourcesApi.ContainerDevices;
import io.navarch.csi.podresources.ResourcesApi.ContainerMemory;
import io.navarch.csi.podresources.ResourcesApi.GetPodResourcesRequest;
import io.navarch.csi.podresources.ResourcesApi.GetPodResourcesResponse;
import io.navarch.csi.podresources.ResourcesApi.ListPodResourcesRequest;
import io.navarch.csi.podresources.ResourcesApi.ListPodResourcesResponse;
import io.navarch.csi.podresources.ResourcesApi.NUMANode;
import io.navarch.csi.podresources.ResourcesApi.TopologyInfo;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Tells of containers' resources by gRPC.
public record GrpcResourceSockets(EventLoopGroup group) implements ResourceSockets {
    @Override
    public Listening listen(Path socket, Source source) throws IOException {
        return GrpcListening.at(socket, new Lister(source), group);
    }

    private static final class Lister extends PodResourcesListerGrpc.PodResourcesListerImplBase {
        private final Source source;

        private Lister(Source source) {
            this.source = source;
        }

        @Override
        public void list(ListPodResourcesRequest request, StreamObserver<ListPodResourcesResponse> answer) {
            var response = ListPodResourcesResponse.newBuilder();
            source.pods().forEach(pod -> response.addPodResources(message(pod)));
            answer.onNext(response.build());
            answer.onCompleted();
        }

        @Override
        public void getAllocatableResources(
                AllocatableResourcesRequest request, StreamObserver<AllocatableResourcesResponse> answer) {
            var all = source.allocatable();
            answer.onNext(AllocatableResourcesResponse.newBuilder()
                    .addAllDevices(devices(all))
                    .addAllCpuIds(longs(all.cpus()))
                    .addAllMemory(memory(all))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void get(GetPodResourcesRequest request, StreamObserver<GetPodResourcesResponse> answer) {
            var pod = source.pod(request.getPodNamespace(), request.getPodName());
            if (pod.isEmpty()) {
                answer.onError(Status.UNKNOWN
                        .withDescription("pod " + request.getPodName() + " in namespace " + request.getPodNamespace()
                                + " not found")
                        .asRuntimeException());
                return;
            }
            answer.onNext(GetPodResourcesResponse.newBuilder()
                    .setPodResources(message(pod.get()))
                    .build());
            answer.onCompleted();
        }
    }

    private static ResourcesApi.PodResources message(PodResources pod) {
        var message = ResourcesApi.PodResources.newBuilder().setName(pod.name()).setNamespace(pod.namespace());
        for (var container : pod.containers())
            message.addContainers(ResourcesApi.ContainerResources.newBuilder()
                    .setName(container.name())
                    .addAllDevices(devices(container.resources()))
                    .addAllCpuIds(longs(container.resources().cpus()))
                    .addAllMemory(memory(container.resources())));
        return message.build();
    }

    /// One message for each device and each of its nodes, as in the original.
    private static List<ContainerDevices> devices(Resources resources) {
        var all = new ArrayList<ContainerDevices>();
        for (var device : resources.devices()) {
            var message = ContainerDevices.newBuilder()
                    .setResourceName(device.resource())
                    .addDeviceIds(device.id());
            if (device.nodes().isEmpty()) all.add(message.build());
            for (int node : device.nodes())
                all.add(message.setTopology(topology(List.of(node))).build());
        }
        return all;
    }

    private static List<ContainerMemory> memory(Resources resources) {
        return resources.memory().stream()
                .map(block -> ContainerMemory.newBuilder()
                        .setMemoryType(block.type())
                        .setSize(block.size())
                        .setTopology(topology(block.nodes()))
                        .build())
                .toList();
    }

    private static TopologyInfo topology(List<Integer> nodes) {
        var message = TopologyInfo.newBuilder();
        for (int node : nodes) message.addNodes(NUMANode.newBuilder().setID(node));
        return message.build();
    }

    private static List<Long> longs(Collection<Integer> numbers) {
        return numbers.stream().map(Integer::longValue).toList();
    }
}
