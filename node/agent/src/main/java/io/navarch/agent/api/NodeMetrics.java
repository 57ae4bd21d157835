package io.navarch.agent.api;

import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.agent.stats.MetricsText;
import io.navarch.agent.stats.MetricsText.Kind;
import io.navarch.agent.volumes.VolumePlugin;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// What the agent says of the pods that it looks after.
///
/// @param evictions how many pods were ended because the node had to, by what for
record NodeMetrics(String nodeName, NodePods pods, Supplier<Map<String, Long>> evictions) {
    private static final Metric NODE_NAME =
            Metric.gauge("kubelet_node_name", "[ALPHA] The node's name. The count is always 1.", "node");
    private static final Metric RUNNING_PODS =
            Metric.gauge("kubelet_running_pods", "[ALPHA] Number of pods that have a running pod sandbox");
    private static final Metric RUNNING_CONTAINERS = Metric.gauge(
            "kubelet_running_containers", "[ALPHA] Number of containers currently running", "container_state");
    private static final Metric EVICTIONS = Metric.counter(
            "kubelet_evictions", "[ALPHA] Cumulative number of pod evictions by eviction signal", "eviction_signal");
    private static final Metric VOLUMES = Metric.gauge(
            "volume_manager_total_volumes", "[ALPHA] Number of volumes in Volume Manager", "plugin_name", "state");

    private static final Metric CAPACITY = ofClaims("capacity_bytes", "Capacity in bytes of the volume");
    private static final Metric AVAILABLE = ofClaims("available_bytes", "Number of available bytes in the volume");
    private static final Metric USED = ofClaims("used_bytes", "Number of used bytes in the volume");
    private static final Metric INODES = ofClaims("inodes", "Maximum number of inodes in the volume");
    private static final Metric INODES_FREE = ofClaims("inodes_free", "Number of free inodes in the volume");
    private static final Metric INODES_USED = ofClaims("inodes_used", "Number of used inodes in the volume");

    private static Metric ofClaims(String what, String help) {
        return Metric.gauge("kubelet_volume_stats_" + what, "[ALPHA] " + help, "namespace", "persistentvolumeclaim");
    }

    /// Tells from now on; what there is none of has a name all the same.
    void tell(Metrics metrics) {
        for (var each : List.of(
                RUNNING_CONTAINERS, EVICTIONS, VOLUMES, CAPACITY, AVAILABLE, USED, INODES, INODES_FREE, INODES_USED))
            metrics.declare(each);
        metrics.registerGauges(this::samples);
    }

    /// As it is at this moment.
    private Collection<Metric.Sample> samples() {
        var samples = new ArrayList<Metric.Sample>();
        samples.add(NODE_NAME.of(1, nodeName));
        evictions.get().forEach((signal, count) -> samples.add(EVICTIONS.of(count, signal)));
        var claims = new HashSet<ObjectKey>();
        long running = 0;
        var containers = new HashMap<Phase, Integer>();
        for (var pod : pods.all()) {
            var state = pods.state(pod.uid());
            if (state.readySandbox().isPresent()) running++;
            for (var container : state.containers()) containers.merge(container.phase(), 1, Integer::sum);
            for (var usage : pods.claims(pod.uid())) if (claims.add(usage.claim())) claim(samples, usage);
            volumes(samples, pod, state);
        }
        samples.add(RUNNING_PODS.of(running));
        containers.forEach((phase, count) ->
                samples.add(RUNNING_CONTAINERS.of(count, phase.name().toLowerCase(Locale.ROOT))));
        return samples;
    }

    /// Volumes are made before the sandbox of their pod, and stay until it is gone.
    private static void volumes(List<Metric.Sample> samples, Pod pod, RuntimeState state) {
        boolean there = !state.sandboxes().isEmpty();
        for (var volume : pod.spec().volumes()) {
            var plugin = VolumePlugin.name(volume);
            samples.add(VOLUMES.of(1, plugin, "desired_state_of_world"));
            if (there) samples.add(VOLUMES.of(1, plugin, "actual_state_of_world"));
        }
    }

    private static void claim(List<Metric.Sample> samples, ClaimUsage usage) {
        var space = usage.space();
        var namespace = usage.claim().namespace();
        var name = usage.claim().name();
        samples.add(CAPACITY.of(space.bytes(), namespace, name));
        samples.add(AVAILABLE.of(space.bytesAvailable(), namespace, name));
        samples.add(USED.of(usage.used().bytes(), namespace, name));
        samples.add(INODES.of(space.inodes(), namespace, name));
        samples.add(INODES_FREE.of(space.inodesFree(), namespace, name));
        samples.add(INODES_USED.of(usage.used().inodes(), namespace, name));
    }

    /// What `/metrics/probes` says.
    static String probes(Map<ProbeCounts.Series, Long> counts) {
        var text = new MetricsText();
        counts.forEach((series, count) -> text.add(
                Kind.COUNTER,
                "prober_probe_total",
                "[BETA] Cumulative number of a liveness, readiness or startup probe for a container by result.",
                count,
                "container",
                series.container(),
                "namespace",
                series.pod().namespace(),
                "pod",
                series.pod().name(),
                "pod_uid",
                series.uid(),
                "probe_type",
                series.type(),
                "result",
                series.result()));
        return text.toString();
    }
}
