package io.navarch.csi;

import io.navarch.csi.v1.CsiApi.CapacityRange;
import io.navarch.csi.v1.CsiApi.NodeExpandVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeGetCapabilitiesRequest;
import io.navarch.csi.v1.CsiApi.NodeGetInfoRequest;
import io.navarch.csi.v1.CsiApi.NodeGetVolumeStatsRequest;
import io.navarch.csi.v1.CsiApi.NodePublishVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeServiceCapability;
import io.navarch.csi.v1.CsiApi.NodeStageVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeUnpublishVolumeRequest;
import io.navarch.csi.v1.CsiApi.NodeUnstageVolumeRequest;
import io.navarch.csi.v1.CsiApi.VolumeCapability;
import io.navarch.csi.v1.CsiApi.VolumeUsage;
import io.navarch.csi.v1.NodeGrpc;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The CSI v1 at a driver's socket.
final class GrpcCsiNode implements CsiNode {
    private final GrpcCalls calls;
    private final Duration longest;

    GrpcCsiNode(GrpcCalls calls, Duration longest) {
        this.calls = calls;
        this.longest = longest;
    }

    private <T> T call(Function<NodeGrpc.NodeBlockingStub, T> call) {
        return calls.make(channel -> call.apply(
                NodeGrpc.newBlockingStub(channel).withDeadlineAfter(longest.toMillis(), TimeUnit.MILLISECONDS)));
    }

    @Override
    public NodeInfo info() {
        var info = call(node -> node.nodeGetInfo(NodeGetInfoRequest.getDefaultInstance()));
        return new NodeInfo(
                info.getNodeId(),
                info.getMaxVolumesPerNode(),
                info.getAccessibleTopology().getSegmentsMap());
    }

    @Override
    public Set<Capability> capabilities() {
        var known = EnumSet.noneOf(Capability.class);
        var answer = call(node -> node.nodeGetCapabilities(NodeGetCapabilitiesRequest.getDefaultInstance()));
        for (var capability : answer.getCapabilitiesList()) {
            var type = capability.getRpc().getType();
            if (type != NodeServiceCapability.RPC.Type.UNKNOWN && type != NodeServiceCapability.RPC.Type.UNRECOGNIZED)
                known.add(Capability.valueOf(type.name()));
        }
        return known;
    }

    private static VolumeCapability use(Use use) {
        var capability = VolumeCapability.newBuilder()
                .setAccessMode(VolumeCapability.AccessMode.newBuilder()
                        .setMode(VolumeCapability.AccessMode.Mode.valueOf(
                                use.mode().name())));
        if (use.block())
            return capability
                    .setBlock(VolumeCapability.BlockVolume.getDefaultInstance())
                    .build();
        return capability
                .setMount(VolumeCapability.MountVolume.newBuilder()
                        .setFsType(use.fsType())
                        .addAllMountFlags(use.mountOptions())
                        .setVolumeMountGroup(use.group()))
                .build();
    }

    @Override
    public void stage(Stage request) {
        var message = NodeStageVolumeRequest.newBuilder()
                .setVolumeId(request.volume())
                .setStagingTargetPath(request.stagingPath())
                .setVolumeCapability(use(request.use()))
                .putAllPublishContext(request.publishContext())
                .putAllVolumeContext(request.volumeContext())
                .putAllSecrets(request.secrets())
                .build();
        call(node -> node.nodeStageVolume(message));
    }

    @Override
    public void unstage(String volume, String stagingPath) {
        var message = NodeUnstageVolumeRequest.newBuilder()
                .setVolumeId(volume)
                .setStagingTargetPath(stagingPath)
                .build();
        call(node -> node.nodeUnstageVolume(message));
    }

    @Override
    public void publish(Publish request) {
        var message = NodePublishVolumeRequest.newBuilder()
                .setVolumeId(request.volume())
                .setStagingTargetPath(request.stagingPath())
                .setTargetPath(request.targetPath())
                .setVolumeCapability(use(request.use()))
                .setReadonly(request.readOnly())
                .putAllPublishContext(request.publishContext())
                .putAllVolumeContext(request.volumeContext())
                .putAllSecrets(request.secrets())
                .build();
        call(node -> node.nodePublishVolume(message));
    }

    @Override
    public void unpublish(String volume, String targetPath) {
        var message = NodeUnpublishVolumeRequest.newBuilder()
                .setVolumeId(volume)
                .setTargetPath(targetPath)
                .build();
        call(node -> node.nodeUnpublishVolume(message));
    }

    @Override
    public long expand(Expand request) {
        var message = NodeExpandVolumeRequest.newBuilder()
                .setVolumeId(request.volume())
                .setVolumePath(request.path())
                .setStagingTargetPath(request.stagingPath())
                .setVolumeCapability(use(request.use()))
                .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(request.requiredBytes()))
                .putAllSecrets(request.secrets())
                .build();
        return call(node -> node.nodeExpandVolume(message)).getCapacityBytes();
    }

    @Override
    public Usage usage(String volume, String path) {
        var message = NodeGetVolumeStatsRequest.newBuilder()
                .setVolumeId(volume)
                .setVolumePath(path)
                .build();
        var bytes = Amounts.UNKNOWN;
        var inodes = Amounts.UNKNOWN;
        for (var each : call(node -> node.nodeGetVolumeStats(message)).getUsageList()) {
            var amounts = new Amounts(each.getAvailable(), each.getTotal(), each.getUsed());
            if (each.getUnit() == VolumeUsage.Unit.BYTES) bytes = amounts;
            if (each.getUnit() == VolumeUsage.Unit.INODES) inodes = amounts;
        }
        return new Usage(bytes, inodes);
    }
}
