package io.navarch.agent.decide;

import io.navarch.cri.ContainerConfig;
import io.navarch.cri.SandboxConfig;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.DnsPolicy;
import io.navarch.model.Pod;
import io.navarch.model.Sysctl;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Pods and containers as the runtime is asked for them.
public final class ContainerConfigs {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    public static final String HASH = "io.kubernetes.container.hash";
    private static final String RESTARTS = "io.kubernetes.container.restartCount";
    private static final String TERMINATION_PATH = "io.kubernetes.container.terminationMessagePath";

    private static final int LONGEST_HOSTNAME = 63;

    private final AgentConfig config;
    private final Confinement confinement;
    private final long nodeMemory;
    private final List<String> hostNameservers;

    public ContainerConfigs(AgentConfig config, long nodeMemory, List<String> hostNameservers) {
        this.config = config;
        confinement = new Confinement(
                config.root().resolve("seccomp"), config.hardening().seccompDefault());
        this.nodeMemory = nodeMemory;
        this.hostNameservers = hostNameservers;
    }

    public static String logDirectory(AgentConfig config, Pod pod) {
        return config.logs() + "/" + pod.namespace() + "_" + pod.name() + "_" + pod.uid();
    }

    public static String hostname(Pod pod) {
        var name = pod.spec().hostnameOr(pod.name());
        return name.length() <= LONGEST_HOSTNAME
                ? name
                : name.substring(0, LONGEST_HOSTNAME).replaceAll("[-.]+$", "");
    }

    /// @param handler that the pod's runtime class names, `""` for the usual one
    public SandboxConfig sandbox(Pod pod, int attempt, String handler) {
        var spec = pod.spec();
        var context = spec.securityContext();
        boolean privileged = Pods.everyContainer(spec).stream()
                .anyMatch(container -> container.securityContext().privileged());
        var labels = new HashMap<>(pod.labels());
        labels.putAll(labels(pod));
        return new SandboxConfig(
                pod.name(),
                pod.namespace(),
                pod.uid(),
                attempt,
                spec.hostNetwork() ? "" : hostname(pod),
                logDirectory(config, pod),
                dns(pod),
                Map.copyOf(labels),
                new SandboxConfig.Security(
                        PodCgroup.of(config.resources().cgroupRoot(), pod),
                        context.sysctls().stream()
                                .collect(Collectors.toMap(
                                        sysctl -> Sysctls.normalized(sysctl.name()), Sysctl::value, (a, b) -> b)),
                        namespaces(pod),
                        optional(context.hasRunAsUser(), context.runAsUser()),
                        privileged,
                        // What pauses needs no more; containers may be less confined, or otherwise.
                        new SandboxConfig.Profile.RuntimeDefault(),
                        Confinement.seLinux(context.seLinuxOptions())),
                handler);
    }

    private static OptionalLong optional(boolean present, long value) {
        return present ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private static Map<String, String> labels(Pod pod) {
        return Map.of(POD_NAME, pod.name(), POD_NAMESPACE, pod.namespace(), POD_UID, pod.uid());
    }

    private static SandboxConfig.Namespaces namespaces(Pod pod) {
        var spec = pod.spec();
        var shared = spec.shareProcessNamespace() ? SandboxConfig.Namespace.POD : SandboxConfig.Namespace.CONTAINER;
        return new SandboxConfig.Namespaces(
                spec.hostNetwork() ? SandboxConfig.Namespace.NODE : SandboxConfig.Namespace.POD,
                spec.hostPID() ? SandboxConfig.Namespace.NODE : shared,
                spec.hostIPC() ? SandboxConfig.Namespace.NODE : SandboxConfig.Namespace.POD);
    }

    private SandboxConfig.Dns dns(Pod pod) {
        var spec = pod.spec();
        var policy = spec.dnsPolicy();
        boolean cluster = policy == DnsPolicy.CLUSTER_FIRST_WITH_HOST_NET
                || policy == DnsPolicy.CLUSTER_FIRST && !spec.hostNetwork();
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
        } else if (policy != DnsPolicy.NONE) {
            servers.addAll(hostNameservers);
        }
        var own = spec.dnsConfig();
        servers.addAll(own.nameservers());
        searches.addAll(own.searches());
        for (var option : own.options()) {
            options.removeIf(existing -> existing.split(":")[0].equals(option.name()));
            options.add(option.value().isEmpty() ? option.name() : option.name() + ":" + option.value());
        }
        return new SandboxConfig.Dns(List.copyOf(servers), List.copyOf(searches), List.copyOf(options));
    }

    /// @param target the id of the container whose processes this one is to see, `""` for none
    public ContainerConfig container(
            Pod pod,
            Container spec,
            int attempt,
            Map<String, String> environment,
            List<ContainerConfig.Mount> mounts,
            String imageRef,
            String target) {
        var name = spec.name();
        var labels = new HashMap<>(labels(pod));
        labels.put(CONTAINER_NAME, name);
        var namespaces = target.isEmpty() ? namespaces(pod) : namespaces(pod).targeting(target);
        return new ContainerConfig(
                name,
                attempt,
                imageRef,
                new ContainerConfig.Entrypoint(
                        expanded(spec.command(), environment),
                        expanded(spec.args(), environment),
                        spec.workingDir(),
                        environment,
                        spec.stdin(),
                        spec.stdinOnce(),
                        spec.tty()),
                mounts,
                List.of(),
                List.of(),
                Map.copyOf(labels),
                Map.of(
                        HASH,
                        PodLifecycle.hash(spec),
                        RESTARTS,
                        String.valueOf(attempt),
                        TERMINATION_PATH,
                        spec.terminationMessagePath()),
                name + "/" + attempt + ".log",
                resources(pod, spec),
                confinement.security(pod, spec, namespaces));
    }

    private static List<String> expanded(List<String> words, Map<String, String> environment) {
        return words.stream().map(word -> Environment.expand(word, environment)).toList();
    }

    /// What a container may take, wherever it runs.
    public ContainerConfig.Resources resources(Pod pod, Container spec) {
        var requests = spec.resources().requests();
        long cpuLimit = PodCgroup.limit(pod, spec, ResourceNames.CPU).milli();
        // Who only says how much it may take at most asks for that.
        long cpuRequest = requests.containsKey(ResourceNames.CPU)
                ? requests.getOrDefault(ResourceNames.CPU, Quantity.ZERO).milli()
                : spec.resources()
                        .limits()
                        .getOrDefault(ResourceNames.CPU, Quantity.ZERO)
                        .milli();
        long quota = CgroupLimits.quota(cpuLimit);
        return new ContainerConfig.Resources(
                CgroupLimits.shares(cpuRequest),
                quota,
                quota > 0 ? CgroupLimits.PERIOD_MICROS : 0,
                PodCgroup.limit(pod, spec, ResourceNames.MEMORY).units(),
                OomScore.of(pod, spec, nodeMemory),
                PodCgroup.hugePages(spec.resources().limits()));
    }
}
