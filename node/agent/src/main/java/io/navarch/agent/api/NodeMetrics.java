package io.navarch.agent.api;

import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.agent.stats.MetricsText;
import io.navarch.agent.stats.MetricsText.Kind;
import io.navarch.objects.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;

/// What the agent says of its own work.
final class NodeMetrics {
    private NodeMetrics() {}

    /// What `/metrics` says.
    static String own(String nodeName, NodePods pods) {
        var text = new MetricsText();
        text.add(
                Kind.GAUGE,
                "kubelet_node_name",
                "[ALPHA] The node's name. The count is always 1.",
                1,
                "node",
                nodeName);
        var claims = new HashSet<ObjectKey>();
        long running = 0;
        var containers = new HashMap<Phase, Integer>();
        for (var pod : pods.all()) {
            var state = pods.state(pod.uid());
            if (state.readySandbox().isPresent()) running++;
            for (var container : state.containers()) containers.merge(container.phase(), 1, Integer::sum);
            for (var usage : pods.claims(pod.uid())) if (claims.add(usage.claim())) claim(text, usage);
        }
        text.add(Kind.GAUGE, "kubelet_running_pods", "[ALPHA] Number of pods that have a running pod sandbox", running);
        containers.forEach((phase, count) -> text.add(
                Kind.GAUGE,
                "kubelet_running_containers",
                "[ALPHA] Number of containers currently running",
                count,
                "container_state",
                phase.name().toLowerCase(Locale.ROOT)));
        return text.toString();
    }

    private static void claim(MetricsText text, ClaimUsage usage) {
        var space = usage.space();
        var claim = usage.claim();
        volume(text, claim, "capacity_bytes", "Capacity in bytes of the volume", space.bytes());
        volume(text, claim, "available_bytes", "Number of available bytes in the volume", space.bytesAvailable());
        volume(
                text,
                claim,
                "used_bytes",
                "Number of used bytes in the volume",
                usage.used().bytes());
        volume(text, claim, "inodes", "Maximum number of inodes in the volume", space.inodes());
        volume(text, claim, "inodes_free", "Number of free inodes in the volume", space.inodesFree());
        volume(
                text,
                claim,
                "inodes_used",
                "Number of used inodes in the volume",
                usage.used().inodes());
    }

    private static void volume(MetricsText text, ObjectKey claim, String what, String help, long value) {
        text.add(
                Kind.GAUGE,
                "kubelet_volume_stats_" + what,
                "[ALPHA] " + help,
                value,
                "namespace",
                claim.namespace(),
                "persistentvolumeclaim",
                claim.name());
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
