package io.navarch.agent.stats;

import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.stats.MetricsText.Kind;

/// What `/metrics/resource` says: processors, memory and swap of the node, its pods and containers.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/node-metrics/
public final class ResourceMetrics {
    private static final double NANOS = 1e9;

    private ResourceMetrics() {}

    public static String of(NodeUsage node) {
        var text = new MetricsText();
        node.machine().ifPresent(group -> node(text, group.usage()));
        for (var pod : node.each()) {
            for (var container : pod.containers())
                container
                        .group()
                        .ifPresent(group -> container(
                                text, container, group.usage(), container.name(), pod.name(), pod.namespace()));
            pod.group().ifPresent(group -> pod(text, group.usage(), pod.name(), pod.namespace()));
        }
        double failed = node.machine().isPresent() ? 0 : 1;
        text.add(
                Kind.GAUGE,
                "resource_scrape_error",
                "[STABLE] 1 if there was an error while getting container metrics, 0 otherwise",
                failed);
        text.add(
                Kind.GAUGE,
                "scrape_error",
                "[ALPHA] (Deprecated since 1.29.0) 1 if there was an error while getting container metrics, 0 otherwise",
                failed);
        return text.toString();
    }

    private static void node(MetricsText text, CgroupUsage usage) {
        text.add(
                Kind.COUNTER,
                "node_cpu_usage_seconds_total",
                "[STABLE] Cumulative cpu time consumed by the node in core-seconds",
                usage.cpu().nanos() / NANOS,
                usage.time());
        text.add(
                Kind.GAUGE,
                "node_memory_working_set_bytes",
                "[STABLE] Current working set of the node in bytes",
                usage.memory().workingSet(),
                usage.time());
        text.add(
                Kind.GAUGE,
                "node_swap_usage_bytes",
                "[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems",
                usage.memory().swap(),
                usage.time());
    }

    private static void container(
            MetricsText text,
            NodeUsage.ContainerUsage container,
            CgroupUsage usage,
            String name,
            String pod,
            String namespace) {
        var labels = new String[] {"container", name, "namespace", namespace, "pod", pod};
        text.add(
                Kind.GAUGE,
                "container_start_time_seconds",
                "[STABLE] Start time of the container since unix epoch in seconds",
                container.started().toEpochMilli() / 1000.0,
                labels);
        text.add(
                Kind.COUNTER,
                "container_cpu_usage_seconds_total",
                "[STABLE] Cumulative cpu time consumed by the container in core-seconds",
                usage.cpu().nanos() / NANOS,
                usage.time(),
                labels);
        text.add(
                Kind.GAUGE,
                "container_memory_working_set_bytes",
                "[STABLE] Current working set of the container in bytes",
                usage.memory().workingSet(),
                usage.time(),
                labels);
        text.add(
                Kind.GAUGE,
                "container_swap_usage_bytes",
                "[ALPHA] Current amount of the container swap usage in bytes. Reported only on non-windows systems",
                usage.memory().swap(),
                usage.time(),
                labels);
    }

    private static void pod(MetricsText text, CgroupUsage usage, String pod, String namespace) {
        var labels = new String[] {"namespace", namespace, "pod", pod};
        text.add(
                Kind.COUNTER,
                "pod_cpu_usage_seconds_total",
                "[STABLE] Cumulative cpu time consumed by the pod in core-seconds",
                usage.cpu().nanos() / NANOS,
                usage.time(),
                labels);
        text.add(
                Kind.GAUGE,
                "pod_memory_working_set_bytes",
                "[STABLE] Current working set of the pod in bytes",
                usage.memory().workingSet(),
                usage.time(),
                labels);
        text.add(
                Kind.GAUGE,
                "pod_swap_usage_bytes",
                "[ALPHA] Current amount of the pod swap usage in bytes. Reported only on non-windows systems",
                usage.memory().swap(),
                usage.time(),
                labels);
    }
}
