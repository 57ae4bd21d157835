package io.navarch.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.navarch.csi.DevicePlugin.Device;
import io.navarch.csi.DevicePlugin.Granted;
import io.navarch.csi.deviceplugin.DeviceApi;
import io.navarch.csi.deviceplugin.DeviceApi.AllocateRequest;
import io.navarch.csi.deviceplugin.DeviceApi.AllocateResponse;
import io.navarch.csi.deviceplugin.DeviceApi.ContainerAllocateResponse;
import io.navarch.csi.deviceplugin.DeviceApi.DevicePluginOptions;
import io.navarch.csi.deviceplugin.DeviceApi.DeviceSpec;
import io.navarch.csi.deviceplugin.DeviceApi.Empty;
import io.navarch.csi.deviceplugin.DeviceApi.ListAndWatchResponse;
import io.navarch.csi.deviceplugin.DeviceApi.RegisterRequest;
import io.navarch.csi.deviceplugin.DevicePluginGrpc;
import io.navarch.csi.deviceplugin.RegistrationGrpc;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A plugin of our own behind a real socket, and the node's socket that it registers at.
@Timeout(60)
class GrpcDeviceSocketsTest {
    @TempDir
    Path directory;

    private static final class Plugin extends DevicePluginGrpc.DevicePluginImplBase {
        @Override
        public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> out) {
            out.onNext(
                    DevicePluginOptions.newBuilder().setPreStartRequired(true).build());
            out.onCompleted();
        }

        @Override
        public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> out) {
            out.onNext(ListAndWatchResponse.newBuilder()
                    .addDevices(DeviceApi.Device.newBuilder().setID("a").setHealth("Healthy"))
                    .addDevices(DeviceApi.Device.newBuilder().setID("b").setHealth("Unhealthy"))
                    .build());
            out.onNext(ListAndWatchResponse.getDefaultInstance());
            // As long as Go lets it be.
            out.onNext(ListAndWatchResponse.newBuilder()
                    .addDevices(DeviceApi.Device.newBuilder().setID("c".repeat(3 << 20)))
                    .build());
            out.onCompleted();
        }

        @Override
        public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> out) {
            var ids = request.getContainerRequests(0).getDevicesIdsList();
            out.onNext(AllocateResponse.newBuilder()
                    .addContainerResponses(ContainerAllocateResponse.newBuilder()
                            .putEnvs("IDS", String.join(",", ids))
                            .putAnnotations("note", "n")
                            .addMounts(DeviceApi.Mount.newBuilder()
                                    .setContainerPath("/in")
                                    .setHostPath("/out")
                                    .setReadOnly(true))
                            .addDevices(DeviceSpec.newBuilder()
                                    .setContainerPath("/dev/in")
                                    .setHostPath("/dev/out")
                                    .setPermissions("rw"))
                            .addCdiDevices(DeviceApi.CDIDevice.newBuilder().setName("example.com/d=a")))
                    .build());
            out.onCompleted();
        }
    }

    @Test
    void aPluginRegistersTellsOfItsDevicesAndGivesThem() throws Exception {
        var group = new EpollEventLoopGroup(2);
        var socket = directory.resolve("d.sock");
        var server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(new Plugin())
                .build()
                .start();
        var sockets = new GrpcDeviceSockets(group);
        try {
            registers(sockets, group);
            var plugin = sockets.plugin(socket);
            assertThat(plugin.capabilities()).isEqualTo(new DevicePlugin.Capabilities(true, false));
            var told = new ArrayList<List<Device>>();
            plugin.follow(told::add);
            assertThat(told).hasSize(3).startsWith(List.of(new Device("a", true), new Device("b", false)), List.of());
            assertThat(told.getLast().getFirst().id()).hasSize(3 << 20);
            var granted = plugin.allocate(List.of("a", "b"));
            assertThat(granted)
                    .isEqualTo(new Granted(
                            Map.of("IDS", "a,b"),
                            List.of(new DevicePlugin.Mount("/in", "/out", true)),
                            List.of(new DevicePlugin.Node("/dev/in", "/dev/out", "rw")),
                            Map.of("note", "n"),
                            List.of("example.com/d=a")));
            assertThat(sockets.decode(sockets.encode(granted))).isEqualTo(granted);
            assertThatThrownBy(() -> plugin.preferred(List.of("a"), List.of(), 1))
                    .isInstanceOf(CsiFailure.class)
                    .hasMessageContaining("Unimplemented");
        } finally {
            server.shutdownNow();
            group.shutdownGracefully();
        }
    }

    private void registers(GrpcDeviceSockets sockets, EpollEventLoopGroup group) throws Exception {
        var kubelet = directory.resolve("kubelet.sock");
        var heard = new ArrayList<String>();
        DeviceSockets.Registrar registrar = (version, endpoint, resource) -> {
            if (resource.equals("bad")) throw new IllegalArgumentException("refused");
            heard.add(version + " " + endpoint + " " + resource);
        };
        try (var listening = sockets.listen(kubelet, registrar)) {
            var calls = new GrpcCalls(kubelet.toString(), group);
            var request = RegisterRequest.newBuilder()
                    .setVersion("v1beta1")
                    .setEndpoint("d.sock")
                    .setResourceName("example.com/d");
            Empty answer = calls.make(
                    channel -> RegistrationGrpc.newBlockingStub(channel).register(request.build()));
            assertThat(answer.getSerializedSize()).isZero();
            assertThat(heard).containsExactly("v1beta1 d.sock example.com/d");
            assertThatThrownBy(() -> calls.make(channel -> RegistrationGrpc.newBlockingStub(channel)
                            .register(request.setResourceName("bad").build())))
                    .hasMessage("rpc error: code = Unknown desc = refused");
            assertThat(listening).isNotNull();
        }
    }
}
