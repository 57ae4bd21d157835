package io.navarch.agent;

import io.navarch.cri.v1.Capability;
import io.navarch.cri.v1.ContainerConfig;
import io.navarch.cri.v1.ContainerMetadata;
import io.navarch.cri.v1.DNSConfig;
import io.navarch.cri.v1.ImageSpec;
import io.navarch.cri.v1.Int64Value;
import io.navarch.cri.v1.KeyValue;
import io.navarch.cri.v1.LinuxContainerConfig;
import io.navarch.cri.v1.LinuxContainerResources;
import io.navarch.cri.v1.LinuxContainerSecurityContext;
import io.navarch.cri.v1.LinuxPodSandboxConfig;
import io.navarch.cri.v1.LinuxSandboxSecurityContext;
import io.navarch.cri.v1.Mount;
import io.navarch.cri.v1.NamespaceMode;
import io.navarch.cri.v1.NamespaceOption;
import io.navarch.cri.v1.PodSandboxConfig;
import io.navarch.cri.v1.PodSandboxMetadata;
import io.navarch.cri.v1.SecurityProfile;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Pods and containers in the runtime's words.
final class ContainerConfigs {
    static final String POD_NAME = "io.kubernetes.pod.name";
    static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD_UID = "io.kubernetes.pod.uid";
    static final String CONTAINER_NAME = "io.kubernetes.container.name";
    static final String HASH = "io.kubernetes.container.hash";
    static final String RESTARTS = "io.kubernetes.container.restartCount";

    private final AgentConfig config;
    private final long nodeMemory;
    private final List<String> hostNameservers;

    ContainerConfigs(AgentConfig config, long nodeMemory, List<String> hostNameservers) {
        this.config = config;
        this.nodeMemory = nodeMemory;
        this.hostNameservers = hostNameservers;
    }

    static String logDirectory(AgentConfig config, View pod) {
        return config.logs() + "/" + pod.namespace() + "_" + pod.name() + "_" + pod.uid();
    }

    static String cgroup(View pod) {
        var parent = switch (pod.status().get("qosClass").string()) {
            case "Guaranteed" -> "/kubepods";
            case "Burstable" -> "/kubepods/burstable";
            default -> "/kubepods/besteffort";
        };
        return parent + "/pod" + pod.uid();
    }

    static String hostname(View pod) {
        var name = pod.spec().get("hostname").stringOr(pod.name());
        return name.length() > 63 ? name.substring(0, 63).replaceAll("[-.]+$", "") : name;
    }

    PodSandboxConfig sandbox(View pod, int attempt) {
        var spec = pod.spec();
        boolean hostNetwork = spec.get("hostNetwork").bool();
        var security = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod))
                .setSeccomp(seccomp(spec.get("securityContext")));
        var context = spec.get("securityContext");
        if (context.get("runAsUser").exists()) security.setRunAsUser(number(context.get("runAsUser")));
        for (var container : spec.get("containers").views())
            if (container.get("securityContext", "privileged").bool()) security.setPrivileged(true);
        var linux =
                LinuxPodSandboxConfig.newBuilder().setCgroupParent(cgroup(pod)).setSecurityContext(security);
        for (var sysctl : context.get("sysctls").views())
            linux.putSysctls(sysctl.get("name").string(), sysctl.get("value").string());
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(pod.name())
                        .setNamespace(pod.namespace())
                        .setUid(pod.uid())
                        .setAttempt(attempt))
                .setHostname(hostNetwork ? "" : hostname(pod))
                .setLogDirectory(logDirectory(config, pod))
                .setDnsConfig(dns(pod))
                .putAllLabels(pod.labels())
                .putAllLabels(labels(pod))
                .setLinux(linux)
                .build();
    }

    private static Map<String, String> labels(View pod) {
        return Map.of(POD_NAME, pod.name(), POD_NAMESPACE, pod.namespace(), POD_UID, pod.uid());
    }

    private static NamespaceOption namespaces(View pod) {
        var spec = pod.spec();
        return NamespaceOption.newBuilder()
                .setNetwork(spec.get("hostNetwork").bool() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(
                        spec.get("hostPID").bool()
                                ? NamespaceMode.NODE
                                : spec.get("shareProcessNamespace").bool()
                                        ? NamespaceMode.POD
                                        : NamespaceMode.CONTAINER)
                .setIpc(spec.get("hostIPC").bool() ? NamespaceMode.NODE : NamespaceMode.POD)
                .build();
    }

    private static Int64Value number(View value) {
        return Int64Value.newBuilder().setValue(value.longOr(0)).build();
    }

    private static SecurityProfile seccomp(View context) {
        var type = switch (context.get("seccompProfile", "type").string()) {
            case "RuntimeDefault" -> SecurityProfile.ProfileType.RuntimeDefault;
            case "Localhost" -> SecurityProfile.ProfileType.Localhost;
            default -> SecurityProfile.ProfileType.Unconfined;
        };
        return SecurityProfile.newBuilder().setProfileType(type).build();
    }

    private DNSConfig dns(View pod) {
        var spec = pod.spec();
        var policy = spec.get("dnsPolicy").string();
        boolean cluster = policy.equals("ClusterFirstWithHostNet")
                || policy.equals("ClusterFirst") && !spec.get("hostNetwork").bool();
        var servers = new ArrayList<String>();
        var searches = new ArrayList<String>();
        var options = new ArrayList<String>();
        if (cluster) {
            servers.add(config.clusterDns());
            searches.addAll(List.of(
                    pod.namespace() + ".svc." + config.clusterDomain(),
                    "svc." + config.clusterDomain(),
                    config.clusterDomain()));
            options.add("ndots:5");
        } else if (!policy.equals("None")) {
            servers.addAll(hostNameservers);
        }
        var own = spec.get("dnsConfig");
        servers.addAll(own.get("nameservers").strings());
        searches.addAll(own.get("searches").strings());
        for (var option : own.get("options").views()) {
            var value = option.get("value").string();
            options.removeIf(
                    existing -> existing.split(":")[0].equals(option.get("name").string()));
            options.add(option.get("name").string() + (value.isEmpty() ? "" : ":" + value));
        }
        return DNSConfig.newBuilder()
                .addAllServers(servers)
                .addAllSearches(searches)
                .addAllOptions(options)
                .build();
    }

    ContainerConfig container(
            View pod, View spec, int attempt, Map<String, String> environment, List<Mount> mounts, String imageRef) {
        var name = spec.get("name").string();
        var builder = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name).setAttempt(attempt))
                .setImage(ImageSpec.newBuilder().setImage(imageRef))
                .setWorkingDir(spec.get("workingDir").string())
                .addAllMounts(mounts)
                .putAllLabels(labels(pod))
                .putLabels(CONTAINER_NAME, name)
                .putAnnotations(HASH, RuntimeState.hash(spec))
                .putAnnotations(RESTARTS, String.valueOf(attempt))
                .putAnnotations(
                        "io.kubernetes.container.terminationMessagePath",
                        spec.get("terminationMessagePath").string())
                .setLogPath(name + "/" + attempt + ".log")
                .setStdin(spec.get("stdin").bool())
                .setStdinOnce(spec.get("stdinOnce").bool())
                .setTty(spec.get("tty").bool())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(resources(pod, spec))
                        .setSecurityContext(security(pod, spec)));
        for (var word : spec.get("command").strings()) builder.addCommand(Environment.expand(word, environment));
        for (var word : spec.get("args").strings()) builder.addArgs(Environment.expand(word, environment));
        environment.forEach((key, value) ->
                builder.addEnvs(KeyValue.newBuilder().setKey(key).setValue(value)));
        return builder.build();
    }

    private LinuxContainerResources resources(View pod, View spec) {
        var resources = spec.get("resources");
        var request = Quantity.parseOr(
                resources.get("requests", "cpu").value(),
                Quantity.parseOr(resources.get("limits", "cpu").value(), Quantity.ZERO));
        // The smallest share that the kernel takes.
        var builder = LinuxContainerResources.newBuilder().setCpuShares(Math.max(2, request.milli() * 1024 / 1000));
        var limit = Quantity.parseOr(resources.get("limits", "cpu").value(), null);
        if (limit != null && limit.milli() > 0)
            builder.setCpuPeriod(100_000).setCpuQuota(Math.max(1000, limit.milli() * 100));
        var memory = Quantity.parseOr(resources.get("limits", "memory").value(), null);
        if (memory != null && memory.units() > 0) builder.setMemoryLimitInBytes(memory.units());
        return builder.setOomScoreAdj(oomScore(pod, resources)).build();
    }

    private long oomScore(View pod, View resources) {
        switch (pod.status().get("qosClass").string()) {
            case "Guaranteed" -> {
                return -997;
            }
            case "BestEffort" -> {
                return 1000;
            }
            default -> {
                long request = Quantity.parseOr(
                                resources.get("requests", "memory").value(), Quantity.ZERO)
                        .units();
                return Math.clamp(1000 - 1000 * request / Math.max(1, nodeMemory), 3, 999);
            }
        }
    }

    private static LinuxContainerSecurityContext security(View pod, View spec) {
        var own = spec.get("securityContext");
        var shared = pod.spec().get("securityContext");
        var builder = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod))
                .setPrivileged(own.get("privileged").bool())
                .setReadonlyRootfs(own.get("readOnlyRootFilesystem").bool())
                .setNoNewPrivs(own.get("allowPrivilegeEscalation").exists()
                        && !own.get("allowPrivilegeEscalation").bool())
                .setSeccomp(seccomp(own.get("seccompProfile").exists() ? own : shared));
        for (var field : List.of(own, shared)) {
            if (field.get("runAsUser").exists() && !builder.hasRunAsUser())
                builder.setRunAsUser(number(field.get("runAsUser")));
            if (field.get("runAsGroup").exists() && !builder.hasRunAsGroup())
                builder.setRunAsGroup(number(field.get("runAsGroup")));
        }
        for (var group : shared.get("supplementalGroups").list())
            builder.addSupplementalGroups(((Number) group).longValue());
        if (shared.get("fsGroup").exists())
            builder.addSupplementalGroups(shared.get("fsGroup").longOr(0));
        var capabilities = own.get("capabilities");
        builder.setCapabilities(Capability.newBuilder()
                .addAllAddCapabilities(capabilities.get("add").strings())
                .addAllDropCapabilities(capabilities.get("drop").strings()));
        if (!own.get("privileged").bool() && !own.get("procMount").string().equals("Unmasked")) {
            builder.addAllMaskedPaths(List.of(
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware"));
            builder.addAllReadonlyPaths(
                    List.of("/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"));
        }
        return builder.build();
    }
}
