package io.navarch.cri;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How a container is to be.
///
/// @param image a reference that is on the node already
/// @param cdiDevices names of devices that the runtime knows by itself
/// @param logPath below the sandbox's log directory
public record ContainerConfig(
        String name,
        int attempt,
        String image,
        Entrypoint entrypoint,
        List<Mount> mounts,
        List<Device> devices,
        List<String> cdiDevices,
        Map<String, String> labels,
        Map<String, String> annotations,
        String logPath,
        Resources resources,
        Security security) {
    /// The same with devices of the node.
    ///
    /// @param cdi names of those that the runtime knows by itself
    /// @param notes for the runtime, by which it may know of more
    public ContainerConfig withDevices(List<Device> more, List<String> cdi, Map<String, String> notes) {
        var all = new HashMap<>(notes);
        all.putAll(annotations);
        return new ContainerConfig(
                name,
                attempt,
                image,
                entrypoint,
                mounts,
                List.copyOf(more),
                List.copyOf(cdi),
                labels,
                Map.copyOf(all),
                logPath,
                resources,
                security);
    }

    /// The same with other amounts of what it may take.
    public ContainerConfig withResources(Resources amounts) {
        return new ContainerConfig(
                name,
                attempt,
                image,
                entrypoint,
                mounts,
                devices,
                cdiDevices,
                labels,
                annotations,
                logPath,
                amounts,
                security);
    }

    /// Empty lists and strings stand for what the image says.
    public record Entrypoint(
            List<String> command,
            List<String> args,
            String workingDirectory,
            Map<String, String> environment,
            boolean stdin,
            boolean stdinOnce,
            boolean tty) {}

    public enum Propagation {
        PRIVATE,
        HOST_TO_CONTAINER,
        BIDIRECTIONAL
    }

    public record Mount(String containerPath, String hostPath, boolean readOnly, Propagation propagation) {}

    /// @param permissions of `r`, `w` and `m`
    public record Device(String containerPath, String hostPath, String permissions) {}

    /// Zero: not limited.
    ///
    /// @param hugePages bytes by the size of a page
    /// @param cpus numbers of processors, `""` for all or for what it has already
    /// @param memoryNodes numbers of the NUMA nodes whose memory it has, `""` for all or for what it has already
    public record Resources(
            long cpuShares,
            long cpuQuota,
            long cpuPeriod,
            long memoryLimitBytes,
            long oomScoreAdjustment,
            Map<Long, Long> hugePages,
            String cpus,
            String memoryNodes) {
        public Resources(
                long cpuShares,
                long cpuQuota,
                long cpuPeriod,
                long memoryLimitBytes,
                long oomScoreAdjustment,
                Map<Long, Long> hugePages) {
            this(cpuShares, cpuQuota, cpuPeriod, memoryLimitBytes, oomScoreAdjustment, hugePages, "", "");
        }

        /// These processors, and all else as it is.
        public static Resources ofCpus(String cpus) {
            return new Resources(0, 0, 0, 0, 0, Map.of(), cpus, "");
        }

        /// The same somewhere on the machine.
        public Resources on(String someCpus, String someNodes) {
            return new Resources(
                    cpuShares,
                    cpuQuota,
                    cpuPeriod,
                    memoryLimitBytes,
                    oomScoreAdjustment,
                    hugePages,
                    someCpus,
                    someNodes);
        }

        /// The same without a limit of processors: whoever has some for himself may use them.
        public Resources withoutQuota() {
            return new Resources(
                    cpuShares, -1, cpuPeriod, memoryLimitBytes, oomScoreAdjustment, hugePages, cpus, memoryNodes);
        }
    }

    public record Security(
            SandboxConfig.Namespaces namespaces,
            boolean privileged,
            boolean readOnlyRoot,
            boolean noNewPrivileges,
            Confinement confinement,
            User user,
            List<String> addedCapabilities,
            List<String> droppedCapabilities,
            List<String> maskedPaths,
            List<String> readOnlyPaths) {}

    /// @param appArmor empty for what the runtime does by default
    public record Confinement(
            SandboxConfig.Profile seccomp, Optional<SandboxConfig.Profile> appArmor, SandboxConfig.SeLinux seLinux) {}

    public record User(OptionalLong user, OptionalLong group, List<Long> supplementalGroups) {}
}
