package io.navarch.cri;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.Map;
import java.util.Optional;

/// Counts what the runtime is asked, under the kubelet's names.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`kubelet_runtime_operations_*`)
final class RuntimeOperations implements ClientInterceptor {
    private static final String TYPE = "operation_type";
    private static final Metric ALL =
            Metric.counter("kubelet_runtime_operations_total", "[ALPHA] What the runtime was asked.", TYPE);
    private static final Metric ERRORS = Metric.counter(
            "kubelet_runtime_operations_errors_total", "[ALPHA] What the runtime was asked and failed.", TYPE);
    private static final Metric DURATION = Metric.histogram(
            "kubelet_runtime_operations_duration_seconds",
            "[ALPHA] How long the runtime took.",
            Metric.exponential(0.005, 2.5, 14),
            TYPE);

    /// By the runtime's own names; whatever else is asked is no operation of the runtime.
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("Version", "version"),
            Map.entry("Status", "status"),
            Map.entry("CreateContainer", "create_container"),
            Map.entry("StartContainer", "start_container"),
            Map.entry("StopContainer", "stop_container"),
            Map.entry("RemoveContainer", "remove_container"),
            Map.entry("ListContainers", "list_containers"),
            Map.entry("ContainerStatus", "container_status"),
            Map.entry("UpdateContainerResources", "update_container"),
            Map.entry("ReopenContainerLog", "reopen_container_log"),
            Map.entry("ExecSync", "exec_sync"),
            Map.entry("Exec", "exec"),
            Map.entry("Attach", "attach"),
            Map.entry("RunPodSandbox", "run_podsandbox"),
            Map.entry("StopPodSandbox", "stop_podsandbox"),
            Map.entry("RemovePodSandbox", "remove_podsandbox"),
            Map.entry("PodSandboxStatus", "podsandbox_status"),
            Map.entry("ListPodSandbox", "list_podsandbox"),
            Map.entry("ContainerStats", "container_stats"),
            Map.entry("ListContainerStats", "list_container_stats"),
            Map.entry("PortForward", "port_forward"),
            Map.entry("ListImages", "list_images"),
            Map.entry("ImageStatus", "image_status"),
            Map.entry("PullImage", "pull_image"),
            Map.entry("RemoveImage", "remove_image"),
            Map.entry("ImageFsInfo", "image_fs_info"));

    private final Metrics metrics;

    RuntimeOperations(Metrics metrics) {
        this.metrics = metrics;
        metrics.declare(ALL);
        metrics.declare(ERRORS);
        metrics.declare(DURATION);
    }

    @Override
    public <T, R> ClientCall<T, R> interceptCall(MethodDescriptor<T, R> method, CallOptions options, Channel next) {
        var call = next.newCall(method, options);
        var type = type(method);
        return type.isEmpty() ? call : measured(call, type.get());
    }

    private static Optional<String> type(MethodDescriptor<?, ?> method) {
        var service = method.getServiceName();
        if (service == null || !service.startsWith("runtime.v1.")) return Optional.empty();
        return Optional.ofNullable(TYPES.get(String.valueOf(method.getBareMethodName())));
    }

    private <T, R> ClientCall<T, R> measured(ClientCall<T, R> call, String type) {
        long since = System.nanoTime();
        metrics.record(ALL.once(type));
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                metrics.record(DURATION.of((System.nanoTime() - since) / 1e9, type));
                                if (!status.isOk()) metrics.record(ERRORS.once(type));
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }
}
