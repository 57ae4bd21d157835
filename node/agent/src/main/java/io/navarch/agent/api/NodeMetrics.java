package io.navarch.agent.api;

import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.decide.RuntimeState.Phase;
import io.navarch.agent.stats.MetricsText;
import io.navarch.agent.stats.MetricsText.Kind;
import java.util.HashMap;
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
        long running = 0;
        var containers = new HashMap<Phase, Integer>();
        for (var pod : pods.all()) {
            var state = pods.state(pod.uid());
            if (state.readySandbox().isPresent()) running++;
            for (var container : state.containers()) containers.merge(container.phase(), 1, Integer::sum);
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
