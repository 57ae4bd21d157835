package io.navarch.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.navarch.csi.registration.RegistrationApi.InfoRequest;
import io.navarch.csi.registration.RegistrationApi.PluginInfo;
import io.navarch.csi.registration.RegistrationApi.RegistrationStatus;
import io.navarch.csi.registration.RegistrationApi.RegistrationStatusResponse;
import io.navarch.csi.registration.RegistrationGrpc;
import io.navarch.csi.v1.CsiApi.NodeExpandVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeExpandVolumeResponse;
import io.navarch.csi.v1.CsiApi.NodeGetCapabilitiesRequest;
import io.navarch.csi.v1.CsiApi.NodeGetCapabilitiesResponse;
import io.navarch.csi.v1.CsiApi.NodeGetInfoRequest;
import io.navarch.csi.v1.CsiApi.NodeGetInfoResponse;
import io.navarch.csi.v1.CsiApi.NodeGetVolumeStatsRequest;
import io.navarch.csi.v1.CsiApi.NodeGetVolumeStatsResponse;
import io.navarch.csi.v1.CsiApi.NodePublishVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodePublishVolumeResponse;
import io.navarch.csi.v1.CsiApi.NodeServiceCapability;
import io.navarch.csi.v1.CsiApi.NodeStageVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeStageVolumeResponse;
import io.navarch.csi.v1.CsiApi.NodeUnpublishVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeUnpublishVolumeResponse;
import io.navarch.csi.v1.CsiApi.NodeUnstageVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeUnstageVolumeResponse;
import io.navarch.csi.v1.CsiApi.Topology;
import io.navarch.csi.v1.CsiApi.VolumeCapability;
import io.navarch.csi.v1.CsiApi.VolumeUsage;
import io.navarch.csi.v1.NodeGrpc;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A driver of our own behind a real socket, and others that listen there and do not behave.
@Timeout(60)
class GrpcSocketsTest {
    @TempDir
    Path directory;

    private EventLoopGroup group = new EpollEventLoopGroup(1);
    private Server server = NettyServerBuilder.forPort(0).build();
    private Path socket = Path.of("");
    private final List<Object> heard = Collections.synchronizedList(new ArrayList<>());

    private final class Driver extends NodeGrpc.NodeImplBase {
        private <T> void answer(Object request, StreamObserver<T> out, T answer) {
            heard.add(request);
            out.onNext(answer);
            out.onCompleted();
        }

        @Override
        public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> out) {
            answer(
                    request,
                    out,
                    NodeGetInfoResponse.newBuilder()
                            .setNodeId("n1")
                            .setMaxVolumesPerNode(7)
                            .setAccessibleTopology(Topology.newBuilder().putSegments("zone", "z"))
                            .build());
        }

        @Override
        public void nodeGetCapabilities(
                NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> out) {
            var answer = NodeGetCapabilitiesResponse.newBuilder();
            // The last one is of a version that is not written yet.
            for (int type : new int[] {1, 2, 6, 99})
                answer.addCapabilities(NodeServiceCapability.newBuilder()
                        .setRpc(NodeServiceCapability.RPC.newBuilder().setTypeValue(type)));
            answer(request, out, answer.build());
        }

        @Override
        public void nodeStageVolume(NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> out) {
            if (request.getVolumeId().equals("full"))
                out.onError(Status.RESOURCE_EXHAUSTED.withDescription("no room").asException());
            else if (!request.getVolumeId().equals("silent"))
                answer(request, out, NodeStageVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeUnstageVolume(NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> out) {
            answer(request, out, NodeUnstageVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodePublishVolume(NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> out) {
            answer(request, out, NodePublishVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeUnpublishVolume(
                NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> out) {
            answer(request, out, NodeUnpublishVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeExpandVolume(NodeExpandVolumeRequest request, StreamObserver<NodeExpandVolumeResponse> out) {
            answer(
                    request,
                    out,
                    NodeExpandVolumeResponse.newBuilder().setCapacityBytes(11).build());
        }

        @Override
        public void nodeGetVolumeStats(
                NodeGetVolumeStatsRequest request, StreamObserver<NodeGetVolumeStatsResponse> out) {
            answer(
                    request,
                    out,
                    NodeGetVolumeStatsResponse.newBuilder()
                            .addUsage(VolumeUsage.newBuilder()
                                    .setUnit(VolumeUsage.Unit.BYTES)
                                    .setTotal(10)
                                    .setUsed(3)
                                    .setAvailable(7))
                            .build());
        }
    }

    private final class Registrar extends RegistrationGrpc.RegistrationImplBase {
        @Override
        public void getInfo(InfoRequest request, StreamObserver<PluginInfo> out) {
            out.onNext(PluginInfo.newBuilder()
                    .setType("CSIPlugin")
                    .setName("d")
                    .setEndpoint("/d.sock")
                    .addSupportedVersions("1.0.0")
                    .build());
            out.onCompleted();
        }

        @Override
        public void notifyRegistrationStatus(
                RegistrationStatus request, StreamObserver<RegistrationStatusResponse> out) {
            heard.add(request);
            out.onNext(RegistrationStatusResponse.getDefaultInstance());
            out.onCompleted();
        }
    }

    @BeforeEach
    void start() throws IOException {
        group = new EpollEventLoopGroup(2);
        socket = directory.resolve("csi.sock");
        server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(new Driver())
                .addService(new Registrar())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        group.shutdownGracefully();
    }

    private CsiNode driver(Duration patience) {
        return new GrpcSockets(group, patience).driver(socket.toString());
    }

    private CsiNode driver() {
        return driver(Duration.ofSeconds(30));
    }

    @Test
    void whatADriverSaysOfItselfIsRead() {
        assertThat(driver().info()).isEqualTo(new CsiNode.NodeInfo("n1", 7, Map.of("zone", "z")));
        assertThat(driver().capabilities())
                .isEqualTo(Set.of(
                        CsiNode.Capability.STAGE_UNSTAGE_VOLUME,
                        CsiNode.Capability.GET_VOLUME_STATS,
                        CsiNode.Capability.VOLUME_MOUNT_GROUP));
        assertThat(driver().usage("v", "/p"))
                .isEqualTo(new CsiNode.Usage(new CsiNode.Amounts(7, 10, 3), CsiNode.Amounts.UNKNOWN));
    }

    @Test
    void callsSayWhatTheyAreGiven() {
        var mounted = new CsiNode.Use(CsiNode.AccessMode.SINGLE_NODE_WRITER, false, "ext4", List.of("noatime"), "1000");
        var device = new CsiNode.Use(CsiNode.AccessMode.MULTI_NODE_MULTI_WRITER, true, "", List.of(), "");
        driver().stage(new CsiNode.Stage("v", "/s", mounted, Map.of("a", "1"), Map.of("b", "2"), Map.of("c", "3")));
        driver().publish(new CsiNode.Publish("v", "/s", "/t", device, true, Map.of(), Map.of(), Map.of()));
        driver().unpublish("v", "/t");
        driver().unstage("v", "/s");
        assertThat(driver().expand(new CsiNode.Expand("v", "/t", "/s", mounted, 11, Map.of())))
                .isEqualTo(11);
        var staged = (NodeStageVolumeRequest) heard.get(0);
        assertThat(staged.getVolumeCapability().getMount())
                .isEqualTo(VolumeCapability.MountVolume.newBuilder()
                        .setFsType("ext4")
                        .addMountFlags("noatime")
                        .setVolumeMountGroup("1000")
                        .build());
        assertThat(staged.getPublishContextMap()).isEqualTo(Map.of("a", "1"));
        assertThat(staged.getVolumeContextMap()).isEqualTo(Map.of("b", "2"));
        assertThat(staged.getSecretsMap()).isEqualTo(Map.of("c", "3"));
        var published = (NodePublishVolumeRequest) heard.get(1);
        assertThat(published.getVolumeCapability().hasBlock()).isTrue();
        assertThat(published.getVolumeCapability().getAccessMode().getMode())
                .isEqualTo(VolumeCapability.AccessMode.Mode.MULTI_NODE_MULTI_WRITER);
        assertThat(published.getReadonly()).isTrue();
        assertThat(((NodeUnpublishVolumeRequest) heard.get(2)).getTargetPath()).isEqualTo("/t");
        assertThat(((NodeUnstageVolumeRequest) heard.get(3)).getStagingTargetPath())
                .isEqualTo("/s");
        assertThat(((NodeExpandVolumeRequest) heard.get(4)).getCapacityRange().getRequiredBytes())
                .isEqualTo(11);
    }

    private static CsiNode.Stage stage(String volume) {
        var use = new CsiNode.Use(CsiNode.AccessMode.SINGLE_NODE_WRITER, false, "", List.of(), "");
        return new CsiNode.Stage(volume, "/s", use, Map.of(), Map.of(), Map.of());
    }

    @Test
    void failuresAreInTheWordsThatEverybodyKnows() {
        assertThatThrownBy(() -> driver().stage(stage("full")))
                .isInstanceOf(CsiFailure.class)
                .hasMessage("rpc error: code = ResourceExhausted desc = no room");
    }

    @Test
    void aDriverThatHangsIsLeftWhenItsTimeIsOver() {
        assertThatThrownBy(() -> driver(Duration.ofMillis(200)).stage(stage("silent")))
                .isInstanceOfSatisfying(CsiFailure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(CsiFailure.Code.DEADLINE_EXCEEDED);
                    assertThat(failure.isFinal()).isFalse();
                });
    }

    @Test
    void aSocketAtWhichNobodyListensFailsAtOnce() {
        server.shutdownNow();
        assertThatThrownBy(() ->
                        new GrpcSockets(group).driver(directory + "/none.sock").info())
                .isInstanceOfSatisfying(
                        CsiFailure.class, failure -> assertThat(failure.code()).isEqualTo(CsiFailure.Code.UNAVAILABLE));
    }

    @Test
    void whoTalksWithoutAnEndIsNotListenedTo() throws IOException, InterruptedException {
        var path = directory.resolve("noise.sock");
        try (var noise = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            noise.bind(UnixDomainSocketAddress.of(path));
            var talker = Thread.ofVirtual().start(() -> {
                try (var channel = noise.accept()) {
                    var bytes = ByteBuffer.allocate(1 << 16);
                    while (true) channel.write(bytes.clear());
                } catch (IOException e) {
                    // The other side has had enough.
                }
            });
            assertThatThrownBy(() -> new GrpcSockets(group).plugin(path).info()).isInstanceOf(CsiFailure.class);
            talker.join();
        }
    }

    @Test
    void aPluginMakesItselfKnownAndHearsWhatBecameOfIt() {
        var plugin = new GrpcSockets(group).plugin(socket);
        assertThat(plugin.info()).isEqualTo(new PluginSocket.PluginInfo("CSIPlugin", "d", "/d.sock", List.of("1.0.0")));
        plugin.notify(false, "no");
        assertThat(((RegistrationStatus) heard.getFirst()).getError()).isEqualTo("no");
    }
}
