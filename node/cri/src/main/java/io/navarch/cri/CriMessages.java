package io.navarch.cri;

import io.navarch.cri.SandboxConfig.Profile.Localhost;
import io.navarch.cri.SandboxConfig.Profile.RuntimeDefault;
import io.navarch.cri.SandboxConfig.Profile.Unconfined;
import io.navarch.cri.v1.CriApi;
import io.navarch.cri.v1.CriApi.Capability;
import io.navarch.cri.v1.CriApi.ContainerMetadata;
import io.navarch.cri.v1.CriApi.DNSConfig;
import io.navarch.cri.v1.CriApi.HugepageLimit;
import io.navarch.cri.v1.CriApi.ImageSpec;
import io.navarch.cri.v1.CriApi.Int64Value;
import io.navarch.cri.v1.CriApi.KeyValue;
import io.navarch.cri.v1.CriApi.LinuxContainerConfig;
import io.navarch.cri.v1.CriApi.LinuxContainerResources;
import io.navarch.cri.v1.CriApi.LinuxContainerSecurityContext;
import io.navarch.cri.v1.CriApi.LinuxPodSandboxConfig;
import io.navarch.cri.v1.CriApi.LinuxSandboxSecurityContext;
import io.navarch.cri.v1.CriApi.MountPropagation;
import io.navarch.cri.v1.CriApi.NamespaceMode;
import io.navarch.cri.v1.CriApi.NamespaceOption;
import io.navarch.cri.v1.CriApi.PodSandboxConfig;
import io.navarch.cri.v1.CriApi.PodSandboxMetadata;
import io.navarch.cri.v1.CriApi.PodSandboxState;
import io.navarch.cri.v1.CriApi.SELinuxOption;
import io.navarch.cri.v1.CriApi.SecurityProfile;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// The port's values as protobuf messages, and back.
final class CriMessages {
    private CriMessages() {}

    static PodSandboxConfig sandbox(SandboxConfig config) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(config.podName())
                        .setNamespace(config.podNamespace())
                        .setUid(config.podUid())
                        .setAttempt(config.attempt()))
                .setHostname(config.hostname())
                .setLogDirectory(config.logDirectory())
                .setDnsConfig(DNSConfig.newBuilder()
                        .addAllServers(config.dns().servers())
                        .addAllSearches(config.dns().searches())
                        .addAllOptions(config.dns().options()))
                .putAllLabels(config.labels())
                .setLinux(linux(config.security()))
                .build();
    }

    private static LinuxPodSandboxConfig linux(SandboxConfig.Security security) {
        var context = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(security.namespaces()))
                .setPrivileged(security.privileged())
                .setSeccomp(profile(security.seccomp()));
        if (!security.seLinux().equals(SandboxConfig.SeLinux.NONE))
            context.setSelinuxOptions(seLinux(security.seLinux()));
        security.runAsUser().ifPresent(user -> context.setRunAsUser(number(user)));
        return LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent(security.cgroupParent())
                .putAllSysctls(security.sysctls())
                .setSecurityContext(context)
                .build();
    }

    private static NamespaceOption namespaces(SandboxConfig.Namespaces namespaces) {
        return NamespaceOption.newBuilder()
                .setNetwork(mode(namespaces.network()))
                .setPid(mode(namespaces.pid()))
                .setIpc(mode(namespaces.ipc()))
                .setTargetId(namespaces.target())
                .build();
    }

    private static NamespaceMode mode(SandboxConfig.Namespace namespace) {
        return switch (namespace) {
            case CONTAINER -> NamespaceMode.CONTAINER;
            case POD -> NamespaceMode.POD;
            case NODE -> NamespaceMode.NODE;
            case TARGET -> NamespaceMode.TARGET;
        };
    }

    private static SecurityProfile profile(SandboxConfig.Profile profile) {
        var builder = SecurityProfile.newBuilder();
        return switch (profile) {
            case Unconfined() ->
                builder.setProfileType(SecurityProfile.ProfileType.Unconfined).build();
            case RuntimeDefault() ->
                builder.setProfileType(SecurityProfile.ProfileType.RuntimeDefault)
                        .build();
            case Localhost(var reference) ->
                builder.setProfileType(SecurityProfile.ProfileType.Localhost)
                        .setLocalhostRef(reference)
                        .build();
        };
    }

    /// How runtimes are told that do not know profiles yet.
    private static String appArmorText(SandboxConfig.Profile profile) {
        return switch (profile) {
            case Unconfined() -> "unconfined";
            case RuntimeDefault() -> "runtime/default";
            case Localhost(var reference) -> "localhost/" + reference;
        };
    }

    private static SELinuxOption seLinux(SandboxConfig.SeLinux options) {
        return SELinuxOption.newBuilder()
                .setUser(options.user())
                .setRole(options.role())
                .setType(options.type())
                .setLevel(options.level())
                .build();
    }

    private static Int64Value number(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }

    static CriApi.ContainerConfig container(ContainerConfig config) {
        var entrypoint = config.entrypoint();
        var builder = CriApi.ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder().setName(config.name()).setAttempt(config.attempt()))
                .setImage(ImageSpec.newBuilder().setImage(config.image()))
                .addAllCommand(entrypoint.command())
                .addAllArgs(entrypoint.args())
                .setWorkingDir(entrypoint.workingDirectory())
                .setStdin(entrypoint.stdin())
                .setStdinOnce(entrypoint.stdinOnce())
                .setTty(entrypoint.tty())
                .putAllLabels(config.labels())
                .putAllAnnotations(config.annotations())
                .setLogPath(config.logPath())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(resources(config.resources()))
                        .setSecurityContext(security(config.security())));
        entrypoint
                .environment()
                .forEach((key, value) ->
                        builder.addEnvs(KeyValue.newBuilder().setKey(key).setValue(value)));
        for (var mount : config.mounts()) builder.addMounts(mount(mount));
        for (var device : config.devices())
            builder.addDevices(CriApi.Device.newBuilder()
                    .setContainerPath(device.containerPath())
                    .setHostPath(device.hostPath())
                    .setPermissions(device.permissions()));
        for (var name : config.cdiDevices())
            builder.addCDIDevices(CriApi.CDIDevice.newBuilder().setName(name));
        return builder.build();
    }

    private static CriApi.Mount mount(ContainerConfig.Mount mount) {
        return CriApi.Mount.newBuilder()
                .setContainerPath(mount.containerPath())
                .setHostPath(mount.hostPath())
                .setReadonly(mount.readOnly())
                .setPropagation(
                        switch (mount.propagation()) {
                            case PRIVATE -> MountPropagation.PROPAGATION_PRIVATE;
                            case HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
                            case BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
                        })
                .build();
    }

    static LinuxContainerResources resources(ContainerConfig.Resources resources) {
        var builder = LinuxContainerResources.newBuilder();
        resources
                .hugePages()
                .forEach((size, limit) -> builder.addHugepageLimits(
                        HugepageLimit.newBuilder().setPageSize(pageSize(size)).setLimit(limit)));
        return builder.setCpuShares(resources.cpuShares())
                .setCpuQuota(resources.cpuQuota())
                .setCpuPeriod(resources.cpuPeriod())
                .setMemoryLimitInBytes(resources.memoryLimitBytes())
                .setOomScoreAdj(resources.oomScoreAdjustment())
                .setCpusetCpus(resources.cpus())
                .setCpusetMems(resources.memoryNodes())
                .build();
    }

    /// As the kernel writes it, such as `2MB`.
    private static String pageSize(long bytes) {
        if (bytes >= 1L << 30) return (bytes >> 30) + "GB";
        return bytes >= 1L << 20 ? (bytes >> 20) + "MB" : (bytes >> 10) + "KB";
    }

    private static LinuxContainerSecurityContext security(ContainerConfig.Security security) {
        var builder = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(security.namespaces()))
                .setPrivileged(security.privileged())
                .setReadonlyRootfs(security.readOnlyRoot())
                .setNoNewPrivs(security.noNewPrivileges())
                .setSeccomp(profile(security.confinement().seccomp()))
                .addAllSupplementalGroups(security.user().supplementalGroups())
                .setCapabilities(Capability.newBuilder()
                        .addAllAddCapabilities(security.addedCapabilities())
                        .addAllDropCapabilities(security.droppedCapabilities()))
                .addAllMaskedPaths(security.maskedPaths())
                .addAllReadonlyPaths(security.readOnlyPaths());
        security.confinement()
                .appArmor()
                .ifPresent(profile -> builder.setApparmor(profile(profile)).setApparmorProfile(appArmorText(profile)));
        if (!security.confinement().seLinux().equals(SandboxConfig.SeLinux.NONE))
            builder.setSelinuxOptions(seLinux(security.confinement().seLinux()));
        security.user().user().ifPresent(user -> builder.setRunAsUser(number(user)));
        security.user().group().ifPresent(group -> builder.setRunAsGroup(number(group)));
        return builder.build();
    }

    static Sandbox sandbox(CriApi.PodSandbox sandbox) {
        return new Sandbox(
                sandbox.getId(),
                sandbox.getMetadata().getName(),
                sandbox.getMetadata().getUid(),
                sandbox.getMetadata().getAttempt(),
                sandbox.getState() == PodSandboxState.SANDBOX_READY,
                time(sandbox.getCreatedAt()));
    }

    static Container container(CriApi.Container container) {
        return new Container(
                container.getId(),
                container.getPodSandboxId(),
                container.getMetadata().getAttempt(),
                state(container.getState()),
                container.getLabelsMap(),
                container.getAnnotationsMap());
    }

    static ContainerStatus status(CriApi.ContainerStatus status) {
        return new ContainerStatus(
                status.getId(),
                state(status.getState()),
                time(status.getCreatedAt()),
                timeUnlessZero(status.getStartedAt()),
                timeUnlessZero(status.getFinishedAt()),
                status.getExitCode(),
                status.getReason(),
                status.getMessage(),
                status.getImage().getImage(),
                status.getImageRef(),
                status.getLogPath());
    }

    static ContainerStats stats(CriApi.ContainerStats stats) {
        return new ContainerStats(
                stats.getAttributes().getId(),
                stats.getAttributes().getLabelsMap(),
                time(stats.getCpu().getTimestamp()),
                stats.getCpu().getUsageCoreNanoSeconds().getValue(),
                time(stats.getMemory().getTimestamp()),
                stats.getMemory().getWorkingSetBytes().getValue(),
                stats.getWritableLayer().getUsedBytes().getValue(),
                stats.getWritableLayer().getInodesUsed().getValue());
    }

    static ContainerRuntime.Image image(CriApi.Image image) {
        return new ContainerRuntime.Image(
                image.getId(),
                image.getRepoTagsList(),
                image.getRepoDigestsList(),
                image.getSize(),
                imageUser(image),
                image.getPinned());
    }

    private static ContainerRuntime.ImageUser imageUser(CriApi.Image image) {
        var number = image.hasUid() ? OptionalLong.of(image.getUid().getValue()) : OptionalLong.empty();
        return new ContainerRuntime.ImageUser(number, image.getUsername());
    }

    private static ContainerState state(CriApi.ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> ContainerState.CREATED;
            case CONTAINER_RUNNING -> ContainerState.RUNNING;
            case CONTAINER_EXITED -> ContainerState.EXITED;
            default -> ContainerState.UNKNOWN;
        };
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
    }

    private static Optional<Instant> timeUnlessZero(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(time(nanos));
    }
}
