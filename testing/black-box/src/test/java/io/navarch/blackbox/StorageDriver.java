package io.navarch.blackbox;

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
import io.navarch.csi.v1.NodeGrpc;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/// A storage driver that runs on the node, outside of any pod: its volumes are directories, or a device, of the
/// machine.
final class StorageDriver implements AutoCloseable {
    private final String name;
    private final Machine machine;
    private final Path disk;
    private final EventLoopGroup group = new EpollEventLoopGroup(2);
    private final Server server;
    private final Path registration;
    /// What it was asked for, such as `stage one`.
    final List<String> calls = new CopyOnWriteArrayList<>();
    /// What it was told when it published a volume.
    final Map<String, NodePublishVolumeRequest> published = new ConcurrentHashMap<>();
    /// Calls that end only when somebody opens them.
    final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
    final List<String> told = new CopyOnWriteArrayList<>();

    /// @param disk where its volumes are; `device` in it is shown to those who want a device
    StorageDriver(String name, Machine machine, Path disk) throws IOException {
        this.name = name;
        this.machine = machine;
        this.disk = Files.createDirectories(disk);
        var node = machine.data().resolve("kubelet");
        var own = Files.createDirectories(node.resolve("plugins").resolve(name));
        var socket = own.resolve("csi.sock");
        Files.deleteIfExists(socket);
        registration = node.resolve("plugins_registry").resolve(name + "-reg.sock");
        Files.deleteIfExists(registration);
        server = NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .addListenAddress(new DomainSocketAddress(registration.toString()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .addService(new Node())
                .addService(new Registrar(socket))
                .build()
                .start();
    }

    private void called(String call) {
        calls.add(call);
        var gate = hanging.get(call);
        try {
            if (gate != null) gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> void answer(StreamObserver<T> out, Machine.Result result, T answer) {
        if (result.code() != 0) {
            out.onError(Status.INTERNAL.withDescription(result.output()).asException());
            return;
        }
        out.onNext(answer);
        out.onCompleted();
    }

    private static final Machine.Result DONE = new Machine.Result(0, "");

    private final class Node extends NodeGrpc.NodeImplBase {
        @Override
        public void nodeGetInfo(NodeGetInfoRequest request, StreamObserver<NodeGetInfoResponse> out) {
            answer(
                    out,
                    DONE,
                    NodeGetInfoResponse.newBuilder()
                            .setNodeId("here")
                            .setMaxVolumesPerNode(9)
                            .setAccessibleTopology(Topology.newBuilder().putSegments(name + "/rack", "r1"))
                            .build());
        }

        @Override
        public void nodeGetCapabilities(
                NodeGetCapabilitiesRequest request, StreamObserver<NodeGetCapabilitiesResponse> out) {
            var answer = NodeGetCapabilitiesResponse.newBuilder();
            for (var type : List.of(
                    NodeServiceCapability.RPC.Type.STAGE_UNSTAGE_VOLUME, NodeServiceCapability.RPC.Type.EXPAND_VOLUME))
                answer.addCapabilities(NodeServiceCapability.newBuilder()
                        .setRpc(NodeServiceCapability.RPC.newBuilder().setType(type)));
            answer(out, DONE, answer.build());
        }

        @Override
        public void nodeStageVolume(NodeStageVolumeRequest request, StreamObserver<NodeStageVolumeResponse> out) {
            called("stage " + request.getVolumeId());
            answer(out, DONE, NodeStageVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeUnstageVolume(NodeUnstageVolumeRequest request, StreamObserver<NodeUnstageVolumeResponse> out) {
            called("unstage " + request.getVolumeId());
            answer(out, DONE, NodeUnstageVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodePublishVolume(NodePublishVolumeRequest request, StreamObserver<NodePublishVolumeResponse> out) {
            called("publish " + request.getVolumeId());
            published.put(request.getVolumeId(), request);
            var target = request.getTargetPath();
            boolean block = request.getVolumeCapability().hasBlock();
            var source = block ? disk.resolve("device") : disk.resolve(request.getVolumeId());
            var make = block ? "touch " + target : "mkdir -p " + source + " " + target;
            var script = "mountpoint -q " + target + " || { " + make + " && mount --bind $(readlink -f " + source + ") "
                    + target + "; }";
            answer(out, machine.shell(script), NodePublishVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeUnpublishVolume(
                NodeUnpublishVolumeRequest request, StreamObserver<NodeUnpublishVolumeResponse> out) {
            called("unpublish " + request.getVolumeId());
            var target = request.getTargetPath();
            var script = "! grep -q ' " + target + " ' /proc/self/mounts || umount " + target + "; rm -df " + target;
            answer(out, machine.shell(script), NodeUnpublishVolumeResponse.getDefaultInstance());
        }

        @Override
        public void nodeExpandVolume(NodeExpandVolumeRequest request, StreamObserver<NodeExpandVolumeResponse> out) {
            called("expand " + request.getVolumeId() + " "
                    + request.getCapacityRange().getRequiredBytes());
            answer(out, DONE, NodeExpandVolumeResponse.getDefaultInstance());
        }
    }

    private final class Registrar extends RegistrationGrpc.RegistrationImplBase {
        private final Path socket;

        private Registrar(Path socket) {
            this.socket = socket;
        }

        @Override
        public void getInfo(InfoRequest request, StreamObserver<PluginInfo> out) {
            out.onNext(PluginInfo.newBuilder()
                    .setType("CSIPlugin")
                    .setName(name)
                    .setEndpoint(socket.toString())
                    .addSupportedVersions("1.0.0")
                    .build());
            out.onCompleted();
        }

        @Override
        public void notifyRegistrationStatus(
                RegistrationStatus request, StreamObserver<RegistrationStatusResponse> out) {
            told.add(request.getPluginRegistered() ? "registered" : request.getError());
            out.onNext(RegistrationStatusResponse.getDefaultInstance());
            out.onCompleted();
        }
    }

    /// Takes its sockets away.
    @Override
    public void close() throws IOException {
        hanging.values().forEach(CountDownLatch::countDown);
        server.shutdownNow();
        group.shutdownGracefully();
        Files.deleteIfExists(registration);
    }
}
