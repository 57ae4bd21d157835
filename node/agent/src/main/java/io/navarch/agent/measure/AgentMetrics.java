package io.navarch.agent.measure;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// How long the agent takes for what.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`kubelet_*`)
public final class AgentMetrics {
    /// What a pod's worker does.
    public enum Work {
        /// The first look at a pod.
        CREATE("create"),
        SYNC("sync"),
        /// A step towards its end.
        KILL("kill");

        private final String label;

        Work(String label) {
            this.label = label;
        }
    }

    /// Of Prometheus' clients.
    private static final List<Double> USUAL = List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private static final List<Double> STARTS = List.of(
            0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 45.0, 60.0, 120.0, 180.0, 240.0, 300.0, 360.0,
            480.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0, 3600.0);
    private static final List<Double> STORAGE =
            List.of(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 25.0, 50.0, 120.0, 300.0, 600.0);

    private static final String OPERATION = "operation_type";
    private static final Metric RELIST = Metric.histogram(
            "kubelet_pleg_relist_duration_seconds", "[ALPHA] How long it took to list what runs.", USUAL);
    private static final Metric RELISTS = Metric.histogram(
            "kubelet_pleg_relist_interval_seconds", "[ALPHA] Time between two lists of what runs.", USUAL);
    private static final Metric WORKED = Metric.histogram(
            "kubelet_pod_worker_duration_seconds", "[ALPHA] How long a look at a pod took.", USUAL, OPERATION);
    private static final Metric STARTED = Metric.histogram(
            "kubelet_pod_start_duration_seconds",
            "[ALPHA] How long it took from when a pod was seen first until it ran.",
            STARTS);
    private static final Metric STARTED_IN_ALL = Metric.histogram(
            "kubelet_pod_start_total_duration_seconds",
            "[ALPHA] How long it took from when a pod was made until it ran.",
            STARTS);
    private static final Metric CGROUPS = Metric.histogram(
            "kubelet_cgroup_manager_duration_seconds",
            "[ALPHA] How long changes of control groups took.",
            USUAL,
            OPERATION);
    private static final Metric VOLUMES = Metric.histogram(
            "storage_operation_duration_seconds",
            "[ALPHA] How long it took to prepare volumes.",
            STORAGE,
            "volume_plugin",
            "operation_name",
            "status",
            "migrated");

    private final Metrics metrics;
    private final LongSupplier nanos;
    /// When the last list began; guarded by the monitor.
    private long lastList;

    public AgentMetrics(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
        for (var each : List.of(RELIST, RELISTS, WORKED, STARTED, STARTED_IN_ALL, CGROUPS, VOLUMES))
            metrics.declare(each);
    }

    public long now() {
        return nanos.getAsLong();
    }

    private double seconds(long since) {
        return (now() - since) / 1e9;
    }

    /// A list of what runs begins.
    ///
    /// @return when
    public synchronized long lists() {
        long now = now();
        if (lastList != 0) metrics.record(RELISTS.of((now - lastList) / 1e9));
        lastList = now;
        return now;
    }

    /// For how long nobody has begun to list what runs; zero before the first time.
    public synchronized Duration sinceList() {
        return lastList == 0 ? Duration.ZERO : Duration.ofNanos(now() - lastList);
    }

    public void listed(long since) {
        metrics.record(RELIST.of(seconds(since)));
    }

    public void worked(Work work, long since) {
        metrics.record(WORKED.of(seconds(since), work.label));
    }

    /// A pod runs for the first time.
    ///
    /// @param seen when the agent heard of it
    /// @param age of the pod
    public void started(long seen, Duration age) {
        metrics.record(STARTED.of(seconds(seen)));
        metrics.record(STARTED_IN_ALL.of(age.toNanos() / 1e9));
    }

    /// @param change such as `create`
    public void changedCgroup(String change, long since) {
        metrics.record(CGROUPS.of(seconds(since), change));
    }

    /// A volume was prepared for a pod, or could not be.
    public void mounted(String plugin, boolean failed, long since) {
        metrics.record(
                VOLUMES.of(seconds(since), plugin, "volume_mount", failed ? "fail-unknown" : "success", "false"));
    }
}
