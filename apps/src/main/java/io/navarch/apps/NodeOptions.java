package io.navarch.apps;

import io.navarch.agent.cpus.CpuOptions;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.agent.decide.PlacementConfig;
import io.navarch.agent.decide.Reservation;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.agent.memory.ReservedMemory;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.TopologyOptions;
import io.navarch.apps.endpoints.Listening;
import io.navarch.apps.lifecycle.Durations;
import io.navarch.images.Containerd;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Quantity;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The options about the node on this machine, whether its control plane is here or elsewhere.
///
/// @param host whose name and address are the node's unless options say otherwise
record NodeOptions(Options options, Host host) {
    private static final List<Option> OWN = List.of(
            Option.value("node-name", "", "default: the host's name"),
            Option.value("node-ip", "", "default: the first address of the host"),
            Option.value(
                    "pod-manifest-path",
                    "",
                    "directory of pods that the node runs by itself (default: manifests in the data directory)"),
            Option.value(
                    "eviction-hard",
                    EvictionThresholds.DEFAULT,
                    "from how little left the node takes no more pods and ends some (nodefs.available<0%: never)"),
            Option.value("eviction-soft", "", "the same, when it lasts"),
            Option.value("eviction-soft-grace-period", "", "how long it lasts, such as memory.available=1m30s"),
            Option.value(
                    "eviction-minimum-reclaim", "", "how much more must be left then, such as nodefs.available=1Gi"),
            Option.value("eviction-max-pod-grace-period", "0", "seconds that pods have that are ended for a soft one"),
            Option.value("eviction-pressure-transition-period", "5m", "until it takes pods again"),
            Option.value(
                    "shutdown-grace-period",
                    "0s",
                    "how long a shutdown of the machine waits for pods to end (0s: it does not)"),
            Option.value(
                    "shutdown-grace-period-critical-pods",
                    "0s",
                    "how much of that is for pods that are there for the system itself"),
            Option.list(
                    "shutdown-grace-period-by-pod-priority",
                    "instead of both, such as 0=30s,100000=10s: how long pods have from a priority on"),
            Option.value("image-gc-high-threshold", "85", "percent of their disk from which on unused images go"),
            Option.value("image-gc-low-threshold", "80", "percent of it until which they go"),
            Option.value("minimum-image-ttl-duration", "2m", "how long they are kept in any case"),
            Option.value("image-maximum-gc-age", "0s", "how long they are kept at most (0s: as long as there is room)"),
            Option.value("max-parallel-image-pulls", "5", "further ones wait for their turn"),
            Option.value(
                    "image-credential-provider-config",
                    "",
                    "file (or directory of files) that names programs which know logins at registries"),
            Option.value("image-credential-provider-bin-dir", "", "where these programs are"),
            Option.value("container-log-max-size", "10Mi", "of each file with what a container prints"),
            Option.value("container-log-max-files", "5", "of each container, with the one that is written"),
            Option.value("cgroup-root", "/", "below which the control groups of pods are"),
            Option.list("system-reserved", "what is not for pods, such as cpu=500m or memory=1Gi"),
            Option.list("kube-reserved", "the same, for what runs the pods"),
            Option.list("enforce-node-allocatable", "on whom limits are put (default: pods)"),
            Option.value(
                    "reserved-cpus",
                    "",
                    "processors that are not for pods, such as 0,2-3, instead of what else is reserved of cpu"),
            Option.value("cpu-manager-policy", "none", "static: guaranteed pods have whole processors for themselves"),
            Option.list(
                    "cpu-manager-policy-options",
                    "such as full-pcpus-only=true, distribute-cpus-across-numa, strict-cpu-reservation"),
            Option.value(
                    "memory-manager-policy",
                    "None",
                    "Static: guaranteed pods are promised memory of single NUMA nodes"),
            Option.value(
                    "reserved-memory", "", "what of each NUMA node is not for pods, such as 0:memory=1Gi;1:memory=2Gi"),
            Option.value(
                    "topology-manager-policy",
                    "none",
                    "how close together what containers get must be: best-effort, restricted or single-numa-node"),
            Option.value("topology-manager-scope", "container", "pod: also for all containers of a pod"),
            Option.list(
                    "topology-manager-policy-options",
                    "such as prefer-closest-numa-nodes=true, max-allowable-numa-nodes=16"),
            Option.value("system-reserved-cgroup", "", "where the system runs, to put limits on it"),
            Option.value("kube-reserved-cgroup", "", "where what runs the pods runs, to put limits on it"),
            Option.value("pod-max-pids", "-1", "processes and threads in one pod (-1: no limit)"),
            Option.flag(
                    "enable-system-log-query",
                    "let those who may see the machine's logs ask for them by service (…/proxy/logs/?query=…)"),
            Option.flag("seccomp-default", "confine pods that say nothing as the runtime does it by default"),
            Option.list("allowed-unsafe-sysctls", "sysctls that pods may set although others feel it"));

    static final List<Option> DECLARED =
            Stream.of(OWN, Listening.NODE_OPTIONS).flatMap(List::stream).toList();

    String name() {
        return options.string("node-name", host.name());
    }

    String address() {
        return options.string("node-ip", host.address());
    }

    /// Where the pods are described that the node runs by itself.
    Path manifests() {
        var data = Path.of(options.string("data-dir")).toAbsolutePath().normalize();
        var given = options.string("pod-manifest-path");
        return given.isEmpty() ? data.resolve("manifests") : Path.of(given).toAbsolutePath();
    }

    AgentConfig.Eviction eviction() {
        var statements = new EvictionThresholds.Statements(
                statements("eviction-hard"),
                statements("eviction-soft"),
                statements("eviction-soft-grace-period"),
                statements("eviction-minimum-reclaim"));
        try {
            return new AgentConfig.Eviction(
                    EvictionThresholds.parse(statements, reservation().enforces(Reservation.PODS)),
                    Durations.option(options, "eviction-pressure-transition-period"),
                    options.integer("eviction-max-pod-grace-period"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("--eviction-hard and its like: " + e.getMessage());
        }
    }

    private List<String> statements(String option) {
        return Stream.of(options.string(option).split(","))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    ShutdownPeriods shutdown() {
        var whole = Durations.option(options, "shutdown-grace-period");
        var critical = Durations.option(options, "shutdown-grace-period-critical-pods");
        var periods = options.names("shutdown-grace-period-by-pod-priority");
        if (critical.compareTo(whole) > 0)
            throw new Options.UsageException("invalid configuration: shutdownGracePeriodCriticalPods "
                    + options.string("shutdown-grace-period-critical-pods") + " must be <= shutdownGracePeriod "
                    + options.string("shutdown-grace-period"));
        if (!periods.isEmpty() && whole.isPositive())
            throw new Options.UsageException("invalid configuration: Cannot specify both"
                    + " shutdownGracePeriodByPodPriority and shutdownGracePeriod at the same time");
        if (periods.isEmpty()) return ShutdownPeriods.of(whole.toSeconds(), critical.toSeconds());
        return new ShutdownPeriods(periods.stream().map(NodeOptions::period).toList());
    }

    private static ShutdownPeriods.Period period(String text) {
        int at = text.indexOf('=');
        try {
            int priority = Integer.parseInt(text.substring(0, Math.max(0, at)));
            long seconds = GoDuration.parse(text.substring(at + 1)).toSeconds();
            if (seconds >= 0) return new ShutdownPeriods.Period(priority, seconds);
        } catch (IllegalArgumentException e) {
            throw wrongPeriod(text);
        }
        throw wrongPeriod(text);
    }

    private static Options.UsageException wrongPeriod(String text) {
        return new Options.UsageException(
                "--shutdown-grace-period-by-pod-priority must be such as 0=30s,100000=10s, not " + text);
    }

    private ResourceConfig.LogKeeping logs() {
        try {
            return new ResourceConfig.LogKeeping(
                    Quantity.parse(options.string("container-log-max-size")).units(),
                    options.integer("container-log-max-files"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException("--container-log-max-size and -files: " + e.getMessage());
        }
    }

    private ResourceConfig.ImageKeeping images() {
        try {
            return new ResourceConfig.ImageKeeping(
                    options.integer("image-gc-high-threshold"),
                    options.integer("image-gc-low-threshold"),
                    Durations.option(options, "minimum-image-ttl-duration"),
                    Durations.option(options, "image-maximum-gc-age"),
                    List.of(Containerd.PAUSE_IMAGE),
                    options.integer("max-parallel-image-pulls"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    ResourceConfig resources() {
        var root = options.string("cgroup-root").replaceAll("/+$", "");
        if (!root.matches("(/[\\w.-]*[\\w-][\\w.-]*)*"))
            throw new Options.UsageException("--cgroup-root must be such as /nodes/one, not " + root);
        return new ResourceConfig(root, reservation(), mostPids(), images(), logs(), placement(), logins());
    }

    private Optional<ResourceConfig.LoginPrograms> logins() {
        var config = options.string("image-credential-provider-config");
        var directory = options.string("image-credential-provider-bin-dir");
        // As in the original: neither does anything without the other.
        if (config.isEmpty() || directory.isEmpty()) return Optional.empty();
        return Optional.of(new ResourceConfig.LoginPrograms(
                Path.of(config).toAbsolutePath(), Path.of(directory).toAbsolutePath()));
    }

    private PlacementConfig placement() {
        try {
            var cpus = new PlacementConfig.Cpus(
                    chosen("cpu-manager-policy", "none", "static"),
                    CpuOptions.parse(pairs("cpu-manager-policy-options")),
                    reservedCpus());
            var memory = new PlacementConfig.Memory(
                    chosen("memory-manager-policy", "None", "Static"),
                    ReservedMemory.parse(options.string("reserved-memory")));
            var topology = TopologyOptions.parse(
                    options.string("topology-manager-policy"),
                    options.string("topology-manager-scope"),
                    pairs("topology-manager-policy-options"));
            return new PlacementConfig(cpus, memory, topology);
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    private boolean chosen(String option, String not, String is) {
        var text = options.string(option);
        if (!text.equals(not) && !text.equals(is))
            throw new IllegalArgumentException("unknown policy: \"" + text + "\"");
        return text.equals(is);
    }

    private Map<String, String> pairs(String option) {
        var pairs = new TreeMap<String, String>();
        for (var text : options.names(option)) {
            int at = text.indexOf('=');
            if (at < 0) throw new IllegalArgumentException("malformed pair, expect string=string");
            pairs.put(text.substring(0, at), text.substring(at + 1));
        }
        return pairs;
    }

    private CpuSet reservedCpus() {
        var text = options.string("reserved-cpus");
        if (!text.isEmpty()
                && !(options.string("system-reserved-cgroup").isEmpty()
                        && options.string("kube-reserved-cgroup").isEmpty()))
            throw new IllegalArgumentException(
                    "invalid configuration: can't use reservedSystemCPUs (--reserved-cpus) with systemReservedCgroup (--system-reserved-cgroup) or kubeReservedCgroup (--kube-reserved-cgroup)");
        try {
            return CpuSet.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid configuration: unable to parse reservedSystemCPUs (--reserved-cpus) " + text + ", error: "
                            + e.getMessage(),
                    e);
        }
    }

    private Reservation reservation() {
        var enforced = options.names("enforce-node-allocatable");
        try {
            var reserved = reservedCpus().size();
            return new Reservation(
                    withCpus(Reservation.parse(options.names("system-reserved")), reserved, Quantity.parse(reserved)),
                    withCpus(Reservation.parse(options.names("kube-reserved")), reserved, Quantity.ZERO),
                    enforced.isEmpty() ? Set.of(Reservation.PODS) : Set.copyOf(enforced),
                    options.string("system-reserved-cgroup"),
                    options.string("kube-reserved-cgroup"));
        } catch (IllegalArgumentException e) {
            throw new Options.UsageException(String.valueOf(e.getMessage()));
        }
    }

    /// Those that are named stand for all that is reserved.
    private static Map<String, Quantity> withCpus(Map<String, Quantity> amounts, int named, Quantity cpus) {
        if (named == 0) return amounts;
        var all = new HashMap<>(amounts);
        if (cpus.equals(Quantity.ZERO)) all.remove(ResourceNames.CPU);
        else all.put(ResourceNames.CPU, cpus);
        return Map.copyOf(all);
    }

    private long mostPids() {
        var text = options.string("pod-max-pids");
        if (!text.matches("-1|[0-9]{1,9}"))
            throw new Options.UsageException("--pod-max-pids must be a number or -1, not " + text);
        return Math.max(0, Long.parseLong(text));
    }

    AgentConfig.Hardening hardening() {
        return new AgentConfig.Hardening(
                options.flag("seccomp-default"),
                options.names("allowed-unsafe-sysctls"),
                options.flag("enable-system-log-query"));
    }
}
