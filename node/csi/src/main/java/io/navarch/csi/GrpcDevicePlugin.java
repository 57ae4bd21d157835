package io.navarch.csi;

import io.grpc.ManagedChannel;
import io.navarch.csi.deviceplugin.DeviceApi;
import io.navarch.csi.deviceplugin.DeviceApi.AllocateRequest;
import io.navarch.csi.deviceplugin.DeviceApi.ContainerAllocateRequest;
import io.navarch.csi.deviceplugin.DeviceApi.ContainerAllocateResponse;
import io.navarch.csi.deviceplugin.DeviceApi.ContainerPreferredAllocationRequest;
import io.navarch.csi.deviceplugin.DeviceApi.Empty;
import io.navarch.csi.deviceplugin.DeviceApi.NUMANode;
import io.navarch.csi.deviceplugin.DeviceApi.PreStartContainerRequest;
import io.navarch.csi.deviceplugin.DeviceApi.PreferredAllocationRequest;
import io.navarch.csi.deviceplugin.DevicePluginGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Speaks to a device plugin by gRPC.
record GrpcDevicePlugin(GrpcCalls calls) implements DevicePlugin {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    /// As long as the kubelet lets a plugin prepare its devices.
    private static final Duration PRE_START = Duration.ofSeconds(30);
    private static final Duration WORK = Duration.ofMinutes(2);

    /// As in Go: there may be many devices.
    private static final int LONGEST_LIST = 4 << 20;

    /// No machine has more.
    private static final int MOST_NODES = 64;

    private static final String HEALTHY = "Healthy";

    private static DevicePluginGrpc.DevicePluginBlockingStub within(ManagedChannel channel, Duration time) {
        return DevicePluginGrpc.newBlockingStub(channel).withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Capabilities capabilities() {
        var options = calls.make(channel -> within(channel, ANSWER).getDevicePluginOptions(Empty.getDefaultInstance()));
        return new Capabilities(options.getPreStartRequired(), options.getGetPreferredAllocationAvailable());
    }

    @Override
    public void follow(Consumer<List<Device>> devices) {
        boolean ignored = calls.make(LONGEST_LIST, channel -> {
            var told = DevicePluginGrpc.newBlockingStub(channel).listAndWatch(Empty.getDefaultInstance());
            while (told.hasNext())
                devices.accept(told.next().getDevicesList().stream()
                        .map(GrpcDevicePlugin::device)
                        .toList());
            return true;
        });
    }

    private static Device device(DeviceApi.Device told) {
        var nodes = told.getTopology().getNodesList().stream()
                .map(NUMANode::getID)
                .filter(id -> id >= 0 && id < MOST_NODES)
                .map(Math::toIntExact)
                .distinct()
                .toList();
        return new Device(told.getID(), told.getHealth().equals(HEALTHY), nodes);
    }

    @Override
    public Granted allocate(List<String> ids) {
        var request = AllocateRequest.newBuilder()
                .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids))
                .build();
        var response = calls.make(channel -> within(channel, WORK).allocate(request));
        if (response.getContainerResponsesCount() == 0)
            throw new CsiFailure(
                    CsiFailure.Code.INTERNAL,
                    "no containers return in allocation response",
                    new IllegalStateException());
        return granted(response.getContainerResponses(0));
    }

    static Granted granted(ContainerAllocateResponse response) {
        return new Granted(
                response.getEnvsMap(),
                response.getMountsList().stream()
                        .map(mount -> new Mount(mount.getContainerPath(), mount.getHostPath(), mount.getReadOnly()))
                        .toList(),
                response.getDevicesList().stream()
                        .map(node -> new Node(node.getContainerPath(), node.getHostPath(), node.getPermissions()))
                        .toList(),
                response.getAnnotationsMap(),
                response.getCdiDevicesList().stream()
                        .map(each -> each.getName())
                        .toList());
    }

    @Override
    public List<String> preferred(List<String> available, List<String> taken, int size) {
        var request = PreferredAllocationRequest.newBuilder()
                .addContainerRequests(ContainerPreferredAllocationRequest.newBuilder()
                        .addAllAvailableDeviceIDs(available)
                        .addAllMustIncludeDeviceIDs(taken)
                        .setAllocationSize(size))
                .build();
        var response = calls.make(channel -> within(channel, ANSWER).getPreferredAllocation(request));
        return response.getContainerResponsesCount() == 0
                ? List.of()
                : List.copyOf(response.getContainerResponses(0).getDeviceIDsList());
    }

    @Override
    public void preStart(List<String> ids) {
        var request =
                PreStartContainerRequest.newBuilder().addAllDevicesIds(ids).build();
        calls.make(channel -> within(channel, PRE_START).preStartContainer(request));
    }
}
