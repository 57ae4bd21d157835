package io.navarch.cri;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.navarch.cri.v1.*;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The calls of the CRI that the node agent makes. Every failure is a [RuntimeFailure] with the runtime's own words.
public final class ContainerRuntime implements AutoCloseable {
    /// A call that the runtime refused or could not carry out.
    public static final class RuntimeFailure extends RuntimeException {
        private final boolean notFound;

        RuntimeFailure(StatusRuntimeException cause) {
            super(
                    "rpc error: code = " + name(cause) + " desc = "
                            + cause.getStatus().getDescription(),
                    cause);
            notFound = cause.getStatus().getCode() == io.grpc.Status.Code.NOT_FOUND;
        }

        private static String name(StatusRuntimeException cause) {
            return switch (cause.getStatus().getCode()) {
                case NOT_FOUND -> "NotFound";
                case UNAVAILABLE -> "Unavailable";
                case DEADLINE_EXCEEDED -> "DeadlineExceeded";
                case INVALID_ARGUMENT -> "InvalidArgument";
                default -> "Unknown";
            };
        }

        public boolean notFound() {
            return notFound;
        }
    }

    private interface Caller<T> {
        T call();
    }

    private final ManagedChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime;
    private final ImageServiceGrpc.ImageServiceBlockingStub images;

    public ContainerRuntime(Path socket, EventLoopGroup group) {
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .overrideAuthority("localhost")
                .maxInboundMessageSize(16 << 20)
                .directExecutor()
                .build();
        runtime = RuntimeServiceGrpc.newBlockingStub(channel);
        images = ImageServiceGrpc.newBlockingStub(channel);
    }

    private static <T> T call(Caller<T> caller) {
        try {
            return caller.call();
        } catch (StatusRuntimeException e) {
            throw new RuntimeFailure(e);
        }
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub within(long seconds) {
        return runtime.withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    public VersionResponse version() {
        return call(() ->
                within(5).version(VersionRequest.newBuilder().setVersion("v1").build()));
    }

    public List<RuntimeCondition> conditions() {
        return call(() -> within(10).status(StatusRequest.getDefaultInstance()))
                .getStatus()
                .getConditionsList();
    }

    public String runPodSandbox(PodSandboxConfig config) {
        return call(() -> within(240)
                        .runPodSandbox(RunPodSandboxRequest.newBuilder()
                                .setConfig(config)
                                .build()))
                .getPodSandboxId();
    }

    public void stopPodSandbox(String id) {
        call(() -> within(120)
                .stopPodSandbox(
                        StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
    }

    public void removePodSandbox(String id) {
        call(() -> within(120)
                .removePodSandbox(
                        RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build()));
    }

    public PodSandboxStatus podSandboxStatus(String id) {
        return call(() -> within(10)
                        .podSandboxStatus(PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(id)
                                .build()))
                .getStatus();
    }

    public List<PodSandbox> podSandboxes() {
        return call(() -> within(30).listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
                .getItemsList();
    }

    public String createContainer(String sandbox, ContainerConfig config, PodSandboxConfig sandboxConfig) {
        var request = CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandbox)
                .setConfig(config)
                .setSandboxConfig(sandboxConfig)
                .build();
        return call(() -> within(120).createContainer(request)).getContainerId();
    }

    public void startContainer(String id) {
        call(() -> within(120)
                .startContainer(
                        StartContainerRequest.newBuilder().setContainerId(id).build()));
    }

    public void stopContainer(String id, long graceSeconds) {
        call(() -> within(graceSeconds + 120)
                .stopContainer(StopContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setTimeout(graceSeconds)
                        .build()));
    }

    public void removeContainer(String id) {
        call(() -> within(120)
                .removeContainer(
                        RemoveContainerRequest.newBuilder().setContainerId(id).build()));
    }

    public List<Container> containers() {
        return call(() -> within(30).listContainers(ListContainersRequest.getDefaultInstance()))
                .getContainersList();
    }

    public ContainerStatus containerStatus(String id) {
        return call(() -> within(10)
                        .containerStatus(ContainerStatusRequest.newBuilder()
                                .setContainerId(id)
                                .build()))
                .getStatus();
    }

    public ExecSyncResponse execSync(String id, List<String> command, long timeoutSeconds) {
        var request = ExecSyncRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTimeout(timeoutSeconds)
                .build();
        return call(() -> within(timeoutSeconds + 10).execSync(request));
    }

    /// The URL at which the runtime serves the session (SPDY/3.1).
    public String exec(ExecRequest request) {
        return call(() -> within(10).exec(request)).getUrl();
    }

    public String attach(AttachRequest request) {
        return call(() -> within(10).attach(request)).getUrl();
    }

    public String portForward(PortForwardRequest request) {
        return call(() -> within(10).portForward(request)).getUrl();
    }

    public List<ContainerStats> stats() {
        return call(() -> within(30).listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
                .getStatsList();
    }

    public List<Image> images() {
        return call(() -> images.withDeadlineAfter(30, TimeUnit.SECONDS)
                        .listImages(ListImagesRequest.getDefaultInstance()))
                .getImagesList();
    }

    /// The image, or `null` when it is not there.
    public Image image(String name) {
        var request = ImageStatusRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(name))
                .build();
        var response = call(() -> images.withDeadlineAfter(10, TimeUnit.SECONDS).imageStatus(request));
        return response.hasImage() ? response.getImage() : null;
    }

    public String pullImage(String name) {
        var request = PullImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(name))
                .build();
        return call(() -> images.withDeadlineAfter(30, TimeUnit.MINUTES).pullImage(request))
                .getImageRef();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
