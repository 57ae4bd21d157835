package io.navarch.cri;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.navarch.cri.v1.CriApi.ImageSpec;
import io.navarch.cri.v1.CriApi.ImageStatusRequest;
import io.navarch.cri.v1.ImageServiceGrpc;
import io.navarch.cri.v1.SnapshotsApi.MountsRequest;
import io.navarch.cri.v1.SnapshotsApi.RemoveSnapshotRequest;
import io.navarch.cri.v1.SnapshotsApi.SnapshotMount;
import io.navarch.cri.v1.SnapshotsApi.ViewSnapshotRequest;
import io.navarch.cri.v1.SnapshotsGrpc;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Views by containerd's own service of snapshots, besides the CRI.
final class ContainerdViews implements ImageViews {
    /// In which containerd keeps what the CRI has made.
    private static final String NAMESPACE = "k8s.io";

    private static final String SNAPSHOTTER = "overlayfs";
    private static final long SECONDS = 60;

    /// What containerd's collection of garbage leaves alone.
    private static final String ROOT = "containerd.io/gc.root";

    private final ImageServiceGrpc.ImageServiceBlockingStub images;
    private final SnapshotsGrpc.SnapshotsBlockingStub snapshots;

    ContainerdViews(ManagedChannel channel) {
        images = ImageServiceGrpc.newBlockingStub(channel);
        var headers = new Metadata();
        headers.put(Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER), NAMESPACE);
        snapshots = SnapshotsGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private SnapshotsGrpc.SnapshotsBlockingStub within() {
        return snapshots.withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Opened open(String image, String key) {
        try {
            return mount(within().view(ViewSnapshotRequest.newBuilder()
                            .setSnapshotter(SNAPSHOTTER)
                            .setKey(key)
                            .setParent(layers(image))
                            .putLabels(ROOT, InstantSource.system().instant().toString())
                            .build())
                    .getMountsList());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) throw GrpcFailure.of(e);
        }
        try {
            var known = MountsRequest.newBuilder().setSnapshotter(SNAPSHOTTER).setKey(key);
            return mount(within().mounts(known.build()).getMountsList());
        } catch (StatusRuntimeException e) {
            throw GrpcFailure.of(e);
        }
    }

    /// By what containerd knows all layers of an image together.
    private String layers(String image) {
        var request = ImageStatusRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(image))
                .setVerbose(true)
                .build();
        var info = images.withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .imageStatus(request)
                .getInfoOrDefault("info", "{}");
        var chain = View.of(Json.parse(info.getBytes(StandardCharsets.UTF_8)))
                .get("chainID")
                .string();
        if (chain.isEmpty())
            throw new RuntimeFailure(RuntimeFailure.Reason.UNKNOWN, "the runtime does not tell the layers of " + image);
        return chain;
    }

    private static Opened mount(List<SnapshotMount> mounts) {
        if (mounts.size() != 1)
            throw new RuntimeFailure(RuntimeFailure.Reason.UNKNOWN, "an image of " + mounts.size() + " mounts");
        var only = mounts.getFirst();
        return new Opened(only.getType(), only.getSource(), List.copyOf(only.getOptionsList()));
    }

    @Override
    public void close(String key) {
        try {
            var ignored = within().remove(RemoveSnapshotRequest.newBuilder()
                    .setSnapshotter(SNAPSHOTTER)
                    .setKey(key)
                    .build());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) throw GrpcFailure.of(e);
        }
    }
}
