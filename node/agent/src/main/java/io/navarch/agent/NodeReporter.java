package io.navarch.agent;

import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.cri.ContainerRuntime;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The node as the API sees it: registration, status, and the lease that says it is alive.
final class NodeReporter {
    private static final long STATUS_MILLIS = 10_000;
    private static final long LEASE_MILLIS = 10_000;

    private final AgentConfig config;
    private final Client client;
    private final ContainerRuntime runtime;
    private final InstantSource clock;
    private final ObjectKey key;
    private Map<String, Object> lastStatus;

    NodeReporter(AgentConfig config, Client client, ContainerRuntime runtime, InstantSource clock) {
        this.config = config;
        this.client = client;
        this.runtime = runtime;
        this.clock = clock;
        this.key = new ObjectKey("", config.nodeName());
    }

    void start(TaskScope scope, EventRecorder events) throws InterruptedException {
        register();
        report();
        events.normal(
                View.of(Trees.map(
                        "kind",
                        "Node",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Trees.map("name", config.nodeName(), "uid", config.nodeName()))),
                "Starting",
                "Starting kubelet.");
        scope.every("node-lease", LEASE_MILLIS, this::renew);
        scope.every("node-status", STATUS_MILLIS, this::report);
    }

    private void register() {
        var labels = Trees.map(
                "kubernetes.io/hostname",
                config.nodeName(),
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                "amd64",
                "beta.kubernetes.io/os",
                "linux",
                "beta.kubernetes.io/arch",
                "amd64");
        if (!client.find(Resources.NODES.untyped(), key).exists()) {
            try {
                client.create(
                        Resources.NODES.untyped(),
                        Trees.map(
                                "metadata", Trees.map("name", config.nodeName(), "labels", labels),
                                "spec", Trees.map("podCIDR", config.podCidr(), "podCIDRs", List.of(config.podCidr()))));
                return;
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.ALREADY_EXISTS) throw e;
            }
        }
        client.mergePatch(Resources.NODES.untyped(), key, "", Trees.map("metadata", Trees.map("labels", labels)));
    }

    private void renew() {
        var lease = new ObjectKey("kube-node-lease", config.nodeName());
        var now = Timestamps.micros(clock.instant());
        var spec = Trees.map("holderIdentity", config.nodeName(), "leaseDurationSeconds", 40L, "renewTime", now);
        var live = client.find(Resources.LEASES.untyped(), lease);
        if (live.exists()) {
            client.mergePatch(Resources.LEASES.untyped(), lease, "", Trees.map("spec", spec));
            return;
        }
        var node = client.get(Resources.NODES.untyped(), key);
        client.create(
                Resources.LEASES.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map(
                                "name",
                                lease.name(),
                                "namespace",
                                lease.namespace(),
                                "ownerReferences",
                                List.of(Trees.map(
                                        "apiVersion", "v1", "kind", "Node", "name", node.name(), "uid", node.uid()))),
                        "spec",
                        spec));
    }

    private void report() {
        var node = client.find(Resources.NODES.untyped(), key);
        if (!node.exists()) {
            register();
            node = client.get(Resources.NODES.untyped(), key);
        }
        var status = status(node);
        // Unless something has changed, a full status every five minutes is enough: the lease says the rest.
        boolean same = lastStatus != null
                && Trees.semanticEquals(withoutTimes(lastStatus), withoutTimes(status))
                && node.condition("Ready").equals("True");
        var heartbeat = Timestamps.parse(node.status()
                .get("conditions")
                .find("type", "Ready")
                .get("lastHeartbeatTime")
                .string());
        if (same && heartbeat != null && heartbeat.plusSeconds(300).isAfter(clock.instant())) return;
        client.mergePatch(Resources.NODES.untyped(), key, "status", Trees.map("status", status));
        lastStatus = status;
    }

    private static Map<String, Object> withoutTimes(Map<String, Object> status) {
        var copy = Trees.copy(status);
        for (var condition : View.of(copy).get("conditions").list())
            ((Map<?, ?>) condition).remove("lastHeartbeatTime");
        return copy;
    }

    View allocatable() {
        return View.of(capacity());
    }

    long memory() {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        } catch (IOException e) {
            // The same as a file without the line.
        }
        return 1L << 30;
    }

    private Map<String, Object> capacity() {
        var disk = config.root().toFile().getTotalSpace();
        return Trees.map(
                "cpu",
                String.valueOf(Runtime.getRuntime().availableProcessors()),
                "memory",
                memory() / 1024 + "Ki",
                "ephemeral-storage",
                disk / 1024 + "Ki",
                "hugepages-1Gi",
                "0",
                "hugepages-2Mi",
                "0",
                "pods",
                "110");
    }

    private Map<String, Object> status(View node) {
        var ready = true;
        var message = "kubelet is posting ready status";
        var runtimeVersion = "containerd://unknown";
        try {
            for (var condition : runtime.conditions()) {
                if (condition.getStatus()) continue;
                ready = false;
                message = condition.getType() + ": " + condition.getReason() + ": " + condition.getMessage();
            }
            var version = runtime.version();
            runtimeVersion = version.getRuntimeName() + "://"
                    + version.getRuntimeVersion().replace("~ds1", "");
        } catch (ContainerRuntime.RuntimeFailure e) {
            ready = false;
            message = "container runtime is down: " + e.getMessage();
        }
        var conditions = new ArrayList<Object>();
        conditions.add(condition(
                node,
                "MemoryPressure",
                false,
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available"));
        conditions.add(
                condition(node, "DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"));
        conditions.add(condition(
                node, "PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"));
        conditions.add(condition(node, "Ready", ready, ready ? "KubeletReady" : "KubeletNotReady", message));
        return Trees.map(
                "capacity", capacity(),
                "allocatable", capacity(),
                "conditions", conditions,
                "addresses",
                        List.of(
                                Trees.map("type", "InternalIP", "address", config.nodeAddress()),
                                Trees.map("type", "Hostname", "address", config.nodeName())),
                "daemonEndpoints", Trees.map("kubeletEndpoint", Trees.map("Port", (long) config.port())),
                "nodeInfo",
                        Trees.map(
                                "machineID", read("/etc/machine-id"),
                                "systemUUID", read("/sys/class/dmi/id/product_uuid"),
                                "bootID", read("/proc/sys/kernel/random/boot_id"),
                                "kernelVersion", read("/proc/sys/kernel/osrelease"),
                                "osImage", osImage(),
                                "containerRuntimeVersion", runtimeVersion,
                                "kubeletVersion", config.version(),
                                "kubeProxyVersion", "",
                                "operatingSystem", "linux",
                                "architecture", "amd64"),
                "images", imageList());
    }

    private List<Object> imageList() {
        try {
            var result = new ArrayList<Object>();
            for (var image : runtime.images()) {
                var names = new ArrayList<Object>(image.getRepoTagsList());
                names.addAll(image.getRepoDigestsList());
                result.add(Trees.map("names", names, "sizeBytes", image.getSize()));
                if (result.size() == 50) break;
            }
            return result;
        } catch (ContainerRuntime.RuntimeFailure e) {
            return List.of();
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String osImage() {
        for (var line : read("/etc/os-release").split("\n")) {
            if (line.startsWith("PRETTY_NAME=")) return line.substring(12).replace("\"", "");
        }
        return "Linux";
    }

    private Map<String, Object> condition(View node, String type, boolean value, String reason, String message) {
        var now = Timestamps.seconds(clock.instant());
        var old = node.status().get("conditions").find("type", type);
        var text = value ? "True" : "False";
        return Trees.map(
                "type", type,
                "status", text,
                "lastHeartbeatTime", now,
                "lastTransitionTime",
                        old.get("status").string().equals(text)
                                ? old.get("lastTransitionTime").value()
                                : now,
                "reason", reason,
                "message", message);
    }
}
