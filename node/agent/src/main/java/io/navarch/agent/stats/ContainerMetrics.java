package io.navarch.agent.stats;

import io.navarch.agent.stats.MetricsText.Kind;
import io.navarch.agent.stats.NodeUsage.Carried;
import io.navarch.agent.stats.NodeUsage.ContainerUsage;
import io.navarch.agent.stats.NodeUsage.Group;
import io.navarch.agent.stats.NodeUsage.Interface;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What `/metrics/cadvisor` says: each control group, down to containers, under the names that dashboards know.
///
/// Source: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
public final class ContainerMetrics {
    private static final double NANOS = 1e9;

    private record Meter(Kind kind, String name, String help, ToDoubleFunction<Group> value) {}

    private static final List<Meter> METERS = List.of(
            new Meter(
                    Kind.COUNTER,
                    "container_cpu_user_seconds_total",
                    "Cumulative user cpu time consumed in seconds.",
                    group -> group.usage().cpu().userNanos() / NANOS),
            new Meter(
                    Kind.COUNTER,
                    "container_cpu_system_seconds_total",
                    "Cumulative system cpu time consumed in seconds.",
                    group -> group.usage().cpu().systemNanos() / NANOS),
            new Meter(
                    Kind.COUNTER,
                    "container_cpu_cfs_periods_total",
                    "Number of elapsed enforcement period intervals.",
                    group -> group.usage().cpu().periods()),
            new Meter(
                    Kind.COUNTER,
                    "container_cpu_cfs_throttled_periods_total",
                    "Number of throttled period intervals.",
                    group -> group.usage().cpu().throttledPeriods()),
            new Meter(
                    Kind.COUNTER,
                    "container_cpu_cfs_throttled_seconds_total",
                    "Total time duration the container has been throttled.",
                    group -> group.usage().cpu().throttledNanos() / NANOS),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_usage_bytes",
                    "Current memory usage in bytes, including all memory regardless of when it was accessed",
                    group -> group.usage().memory().usage()),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_working_set_bytes",
                    "Current working set in bytes.",
                    group -> group.usage().memory().workingSet()),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_rss",
                    "Size of RSS in bytes.",
                    group -> group.usage().memory().rss()),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_cache",
                    "Number of bytes of page cache memory.",
                    group -> group.usage().memory().cache()),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_mapped_file",
                    "Size of memory mapped files in bytes.",
                    group -> group.usage().memory().mappedFile()),
            new Meter(
                    Kind.GAUGE,
                    "container_memory_swap",
                    "Container swap usage in bytes.",
                    group -> group.usage().memory().swap()),
            new Meter(
                    Kind.COUNTER,
                    "container_oom_events_total",
                    "Count of out of memory events observed for the container",
                    group -> group.usage().memory().oomKills()),
            new Meter(
                    Kind.GAUGE,
                    "container_spec_memory_limit_bytes",
                    "Memory limit for the container.",
                    group -> group.usage().memory().limit()),
            new Meter(
                    Kind.GAUGE,
                    "container_threads",
                    "Number of threads running inside the container",
                    group -> group.usage().processes()));

    private final NodeUsage node;
    private final MetricsText text = new MetricsText();

    private ContainerMetrics(NodeUsage node) {
        this.node = node;
    }

    public static String of(NodeUsage node) {
        return new ContainerMetrics(node).write();
    }

    private String write() {
        text.add(
                Kind.GAUGE,
                "machine_cpu_cores",
                "Number of logical CPU cores.",
                node.size().processors());
        text.add(
                Kind.GAUGE,
                "machine_memory_bytes",
                "Amount of memory installed on the machine.",
                node.size().memory());
        node.machine().ifPresent(group -> group(group, List.of("id", "/")));
        node.pods().ifPresent(group -> group(group, List.of("id", node.podsCgroup())));
        network(node.network(), node.time(), List.of("id", "/"));
        node.root().ifPresent(space -> {
            var labels = new String[] {"id", "/"};
            text.add(
                    Kind.GAUGE,
                    "container_fs_limit_bytes",
                    "Number of bytes that can be consumed by the container on this filesystem.",
                    space.bytes(),
                    node.time(),
                    labels);
            text.add(
                    Kind.GAUGE,
                    "container_fs_usage_bytes",
                    "Number of bytes that are consumed by the container on this filesystem.",
                    space.bytes() - space.bytesAvailable(),
                    node.time(),
                    labels);
        });
        for (var pod : node.each()) pod(pod);
        text.add(
                Kind.GAUGE,
                "container_scrape_error",
                "1 if there was an error while getting container metrics, 0 otherwise",
                node.machine().isPresent() ? 0 : 1);
        return text.toString();
    }

    private void pod(PodUsage pod) {
        var own = List.of(
                "container",
                "",
                "id",
                pod.cgroup(),
                "image",
                "",
                "name",
                "",
                "namespace",
                pod.namespace(),
                "pod",
                pod.name());
        pod.group().ifPresent(group -> group(group, own));
        network(pod.network(), node.time(), own);
        for (var container : pod.containers()) container(pod, container);
    }

    private void container(PodUsage pod, ContainerUsage container) {
        var labels = List.of(
                "container", container.name(),
                "id", pod.cgroup() + "/" + container.id(),
                "image", container.image(),
                "name", container.id(),
                "namespace", pod.namespace(),
                "pod", pod.name());
        container.group().ifPresent(group -> group(group, labels));
        var array = labels.toArray(String[]::new);
        text.add(
                Kind.GAUGE,
                "container_start_time_seconds",
                "Start time of the container since unix epoch in seconds.",
                container.started().getEpochSecond(),
                node.time(),
                array);
        text.add(
                Kind.GAUGE,
                "container_fs_usage_bytes",
                "Number of bytes that are consumed by the container on this filesystem.",
                container.written().bytes(),
                node.time(),
                array);
    }

    private void group(Group group, List<String> labels) {
        var time = group.usage().time();
        for (var meter : METERS)
            text.add(
                    meter.kind,
                    meter.name,
                    meter.help,
                    meter.value.applyAsDouble(group),
                    time,
                    labels.toArray(String[]::new));
        text.add(
                Kind.COUNTER,
                "container_cpu_usage_seconds_total",
                "Cumulative cpu time consumed in seconds.",
                group.usage().cpu().nanos() / NANOS,
                time,
                with("cpu", "total", labels));
        for (var disk : group.usage().io()) {
            disk("reads_bytes", "bytes read", disk.readBytes(), time, disk.device(), labels);
            disk("reads", "reads completed", disk.reads(), time, disk.device(), labels);
            disk("writes_bytes", "bytes written", disk.writtenBytes(), time, disk.device(), labels);
            disk("writes", "writes completed", disk.writes(), time, disk.device(), labels);
        }
        failures(group, labels, "pgfault", group.usage().memory().faults());
        failures(group, labels, "pgmajfault", group.usage().memory().majorFaults());
    }

    private void disk(String what, String told, long count, Instant time, String device, List<String> labels) {
        text.add(
                Kind.COUNTER,
                "container_fs_" + what + "_total",
                "Cumulative count of " + told,
                count,
                time,
                with("device", device, labels));
    }

    private void failures(Group group, List<String> labels, String type, long count) {
        var all = new ArrayList<>(labels);
        all.addAll(List.of("scope", "container"));
        text.add(
                Kind.COUNTER,
                "container_memory_failures_total",
                "Cumulative count of memory allocation failures.",
                count,
                group.usage().time(),
                with("failure_type", type, all));
    }

    private void network(List<Interface> interfaces, Instant time, List<String> labels) {
        for (var each : interfaces) {
            var own = with("interface", each.name(), labels);
            carried("receive", "received", "receiving", each.received(), time, own);
            carried("transmit", "transmitted", "transmitting", each.sent(), time, own);
        }
    }

    /// @param direction in names
    /// @param done what was done with it, in texts
    /// @param doing the same
    private void carried(String direction, String done, String doing, Carried carried, Instant time, String... labels) {
        var name = "container_network_" + direction;
        text.add(
                Kind.COUNTER,
                name + "_bytes_total",
                "Cumulative count of bytes " + done,
                carried.bytes(),
                time,
                labels);
        text.add(
                Kind.COUNTER,
                name + "_packets_total",
                "Cumulative count of packets " + done,
                carried.packets(),
                time,
                labels);
        text.add(
                Kind.COUNTER,
                name + "_packets_dropped_total",
                "Cumulative count of packets dropped while " + doing,
                carried.dropped(),
                time,
                labels);
        text.add(
                Kind.COUNTER,
                name + "_errors_total",
                "Cumulative count of errors encountered while " + doing,
                carried.errors(),
                time,
                labels);
    }

    private static String[] with(String name, String value, List<String> labels) {
        var all = new ArrayList<>(labels);
        all.addAll(List.of(name, value));
        return all.toArray(String[]::new);
    }
}
