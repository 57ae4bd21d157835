package io.navarch.cri;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.navarch.cri.v1.CriApi.AttachRequest;
import io.navarch.cri.v1.CriApi.AuthConfig;
import io.navarch.cri.v1.CriApi.ContainerFilter;
import io.navarch.cri.v1.CriApi.ContainerStatsRequest;
import io.navarch.cri.v1.CriApi.ContainerStatusRequest;
import io.navarch.cri.v1.CriApi.CreateContainerRequest;
import io.navarch.cri.v1.CriApi.ExecRequest;
import io.navarch.cri.v1.CriApi.ExecSyncRequest;
import io.navarch.cri.v1.CriApi.ImageSpec;
import io.navarch.cri.v1.CriApi.ImageStatusRequest;
import io.navarch.cri.v1.CriApi.ListContainerStatsRequest;
import io.navarch.cri.v1.CriApi.ListContainersRequest;
import io.navarch.cri.v1.CriApi.ListImagesRequest;
import io.navarch.cri.v1.CriApi.ListPodSandboxRequest;
import io.navarch.cri.v1.CriApi.PodSandboxFilter;
import io.navarch.cri.v1.CriApi.PodSandboxStatusRequest;
import io.navarch.cri.v1.CriApi.PortForwardRequest;
import io.navarch.cri.v1.CriApi.PullImageRequest;
import io.navarch.cri.v1.CriApi.RemoveContainerRequest;
import io.navarch.cri.v1.CriApi.RemoveImageRequest;
import io.navarch.cri.v1.CriApi.RemovePodSandboxRequest;
import io.navarch.cri.v1.CriApi.ReopenContainerLogRequest;
import io.navarch.cri.v1.CriApi.RunPodSandboxRequest;
import io.navarch.cri.v1.CriApi.StartContainerRequest;
import io.navarch.cri.v1.CriApi.StatusRequest;
import io.navarch.cri.v1.CriApi.StopContainerRequest;
import io.navarch.cri.v1.CriApi.StopPodSandboxRequest;
import io.navarch.cri.v1.CriApi.UpdateContainerResourcesRequest;
import io.navarch.cri.v1.CriApi.VersionRequest;
import io.navarch.cri.v1.ImageServiceGrpc;
import io.navarch.cri.v1.RuntimeServiceGrpc;
import io.navarch.process.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The CRI v1 over the Unix socket of containerd or CRI-O. Deadlines are those of the kubelet, or longer.
public final class GrpcRuntime implements ContainerRuntime {
    private final ManagedChannel channel;
    private final RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime;
    private final ImageServiceGrpc.ImageServiceBlockingStub images;
    private final ImageViews views;

    public GrpcRuntime(Path socket, EventLoopGroup group) {
        this(socket, group, new Metrics());
    }

    /// @param metrics what the runtime is asked is counted there
    public GrpcRuntime(Path socket, EventLoopGroup group, Metrics metrics) {
        channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
                .channelType(EpollDomainSocketChannel.class)
                .eventLoopGroup(group)
                .usePlaintext()
                .overrideAuthority("localhost")
                .maxInboundMessageSize(16 << 20)
                .directExecutor()
                .intercept(new RuntimeOperations(metrics))
                .build();
        runtime = RuntimeServiceGrpc.newBlockingStub(channel);
        images = ImageServiceGrpc.newBlockingStub(channel);
        views = new ContainerdViews(channel);
    }

    private <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            // Left alone, the channel would wait longer and longer before it looks whether the runtime is back.
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) channel.resetConnectBackoff();
            throw GrpcFailure.of(e);
        }
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub within(long seconds) {
        return runtime.withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub imagesWithin(long seconds) {
        return images.withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    @Override
    public Version version() {
        var request = VersionRequest.newBuilder().setVersion("v1").build();
        var version = call(() -> within(5).version(request));
        return new Version(version.getRuntimeName(), version.getRuntimeVersion());
    }

    @Override
    public List<Condition> conditions() {
        return call(() -> within(10).status(StatusRequest.getDefaultInstance()))
                .getStatus()
                .getConditionsList()
                .stream()
                .map(condition -> new Condition(
                        condition.getType(), condition.getStatus(), condition.getReason(), condition.getMessage()))
                .toList();
    }

    @Override
    public boolean onChange(Consumer<String> podUid) {
        return false;
    }

    @Override
    public void follow(Runnable something) {
        call(() -> {
            var told = ClientCalls.blockingServerStreamingCall(
                    channel, ContainerdEvents.subscribe(), CallOptions.DEFAULT, ContainerdEvents.request());
            while (told.hasNext()) if (ContainerdEvents.concerns(told.next())) something.run();
            return told;
        });
    }

    @Override
    public String runPodSandbox(SandboxConfig config) {
        var request = RunPodSandboxRequest.newBuilder()
                .setConfig(CriMessages.sandbox(config))
                .setRuntimeHandler(config.handler())
                .build();
        return call(() -> within(240).runPodSandbox(request)).getPodSandboxId();
    }

    @Override
    public void stopPodSandbox(String id) {
        var request = StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build();
        call(() -> within(120).stopPodSandbox(request));
    }

    @Override
    public void removePodSandbox(String id) {
        var request = RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build();
        call(() -> within(120).removePodSandbox(request));
    }

    @Override
    public String podSandboxAddress(String id) {
        var request = PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build();
        return call(() -> within(10).podSandboxStatus(request))
                .getStatus()
                .getNetwork()
                .getIp();
    }

    @Override
    public List<Sandbox> podSandboxes(Map<String, String> labels) {
        var request = ListPodSandboxRequest.newBuilder()
                .setFilter(PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
                .build();
        return call(() -> within(30).listPodSandbox(request)).getItemsList().stream()
                .map(CriMessages::sandbox)
                .toList();
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandboxConfig) {
        var request = CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setConfig(CriMessages.container(config))
                .setSandboxConfig(CriMessages.sandbox(sandboxConfig))
                .build();
        return call(() -> within(120).createContainer(request)).getContainerId();
    }

    @Override
    public void startContainer(String id) {
        var request = StartContainerRequest.newBuilder().setContainerId(id).build();
        call(() -> within(120).startContainer(request));
    }

    @Override
    public void updateContainerResources(String id, ContainerConfig.Resources resources) {
        var request = UpdateContainerResourcesRequest.newBuilder()
                .setContainerId(id)
                .setLinux(CriMessages.resources(resources))
                .build();
        call(() -> within(120).updateContainerResources(request));
    }

    @Override
    public void stopContainer(String id, long graceSeconds) {
        var request = StopContainerRequest.newBuilder()
                .setContainerId(id)
                .setTimeout(graceSeconds)
                .build();
        call(() -> within(graceSeconds + 120).stopContainer(request));
    }

    @Override
    public void removeContainer(String id) {
        var request = RemoveContainerRequest.newBuilder().setContainerId(id).build();
        call(() -> within(120).removeContainer(request));
    }

    @Override
    public List<Container> containers(Map<String, String> labels) {
        var request = ListContainersRequest.newBuilder()
                .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(labels))
                .build();
        return call(() -> within(30).listContainers(request)).getContainersList().stream()
                .map(CriMessages::container)
                .toList();
    }

    @Override
    public ContainerStatus containerStatus(String id) {
        var request = ContainerStatusRequest.newBuilder().setContainerId(id).build();
        return CriMessages.status(
                call(() -> within(10).containerStatus(request)).getStatus());
    }

    @Override
    public void reopenContainerLog(String id) {
        var request = ReopenContainerLogRequest.newBuilder().setContainerId(id).build();
        call(() -> within(10).reopenContainerLog(request));
    }

    @Override
    public ExecResult execSync(String id, List<String> command, long timeoutSeconds) {
        var request = ExecSyncRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTimeout(timeoutSeconds)
                .build();
        var answer = call(() -> within(timeoutSeconds + 10).execSync(request));
        return new ExecResult(
                answer.getExitCode(),
                answer.getStdout().toString(StandardCharsets.UTF_8),
                answer.getStderr().toString(StandardCharsets.UTF_8));
    }

    @Override
    public String exec(String id, List<String> command, SessionStreams streams) {
        var request = ExecRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTty(streams.tty())
                .setStdin(streams.stdin())
                .setStdout(streams.stdout())
                .setStderr(streams.stderr())
                .build();
        return call(() -> within(10).exec(request)).getUrl();
    }

    @Override
    public String attach(String id, SessionStreams streams) {
        var request = AttachRequest.newBuilder()
                .setContainerId(id)
                .setTty(streams.tty())
                .setStdin(streams.stdin())
                .setStdout(streams.stdout())
                .setStderr(streams.stderr())
                .build();
        return call(() -> within(10).attach(request)).getUrl();
    }

    @Override
    public String portForward(String sandboxId, List<Integer> ports) {
        var request = PortForwardRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .addAllPort(ports)
                .build();
        return call(() -> within(10).portForward(request)).getUrl();
    }

    @Override
    public List<ContainerStats> stats() {
        return call(() -> within(30).listContainerStats(ListContainerStatsRequest.getDefaultInstance()))
                .getStatsList()
                .stream()
                .map(CriMessages::stats)
                .toList();
    }

    @Override
    public Optional<ContainerStats> stats(String id) {
        var request = ContainerStatsRequest.newBuilder().setContainerId(id).build();
        var answer = call(() -> within(10).containerStats(request));
        return answer.hasStats() ? Optional.of(CriMessages.stats(answer.getStats())) : Optional.empty();
    }

    @Override
    public List<Image> images() {
        return call(() -> imagesWithin(30).listImages(ListImagesRequest.getDefaultInstance())).getImagesList().stream()
                .map(CriMessages::image)
                .toList();
    }

    private static ImageSpec named(String name) {
        return ImageSpec.newBuilder().setImage(name).build();
    }

    @Override
    public Optional<Image> image(String name) {
        var request = ImageStatusRequest.newBuilder().setImage(named(name)).build();
        var response = call(() -> imagesWithin(10).imageStatus(request));
        return response.hasImage() ? Optional.of(CriMessages.image(response.getImage())) : Optional.empty();
    }

    @Override
    public String pullImage(String name, Optional<Login> login) {
        var builder = PullImageRequest.newBuilder().setImage(named(name));
        login.ifPresent(shown -> builder.setAuth(
                AuthConfig.newBuilder().setUsername(shown.user()).setPassword(shown.password())));
        var request = builder.build();
        return call(() -> imagesWithin(1800).pullImage(request)).getImageRef();
    }

    @Override
    public void removeImage(String name) {
        var request = RemoveImageRequest.newBuilder().setImage(named(name)).build();
        call(() -> imagesWithin(60).removeImage(request));
    }

    @Override
    public ImageViews imageViews() {
        return views;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
