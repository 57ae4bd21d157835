package io.navarch.agent;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.NodeStatusReport;
import io.navarch.agent.eviction.Evictor;
import io.navarch.client.Client;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.ContainerImage;
import io.navarch.model.EventType;
import io.navarch.model.Lease;
import io.navarch.model.LeaseSpec;
import io.navarch.model.Node;
import io.navarch.model.NodeStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node as the API sees it: registration, status, and the lease that says it is alive.
final class NodeReporter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReporter.class);

    private static final Duration PAUSE = Duration.ofSeconds(10);
    /// How much longer a pause may be, as a share of it: as in the kubelet. Thousands of nodes that wait for the same
    /// server would do so at the same moment after a while.
    private static final double JITTER = 0.04;
    private static final int LEASE_SECONDS = 40;
    private static final String LEASES = "kube-node-lease";
    private static final int MOST_IMAGES = 50;

    private final AgentConfig config;
    private final Client client;
    private final ContainerRuntime runtime;
    private final Machine machine;
    private final Supplier<Node> node;
    private final Findings findings;
    private final EventSink events;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ObjectKey key;
    /// What was sent last; guarded by the monitor.
    private NodeStatus lastStatus = NodeStatus.ABSENT;

    /// What is found out elsewhere.
    ///
    /// @param pressure what the node is short of
    /// @param leaving whether its machine is shut down
    record Findings(Evictor pressure, BooleanSupplier leaving, NodeDevices devices) {}

    /// @param node the node as it was last seen, absent when there is none
    NodeReporter(
            AgentConfig config,
            Client client,
            ContainerRuntime runtime,
            Machine machine,
            Supplier<Node> node,
            Findings findings,
            EventSink events,
            InstantSource clock,
            RandomGenerator random) {
        this.config = config;
        this.client = client;
        this.runtime = runtime;
        this.machine = machine;
        this.node = node;
        this.findings = findings;
        this.events = events;
        this.clock = clock;
        this.random = random;
        this.key = new ObjectKey("", config.nodeName());
    }

    /// Registers the node, and keeps it registered.
    ///
    /// @param offset how much later than others this node renews its lease, so that many do not do so at once
    void start(TaskScope scope, Duration offset) throws InterruptedException {
        register();
        report();
        scope.start("node-" + config.nodeName(), () -> {
            renew();
            TaskScope.pause(offset.toMillis());
            scope.every("node-lease", this::pause, this::renew);
            scope.every("node-status", this::pause, this::report);
        });
    }

    private Duration pause() {
        return PAUSE.plusMillis((long) (PAUSE.toMillis() * JITTER * random.nextDouble()));
    }

    private void register() {
        var labels = new HashMap<>(machine.labels());
        labels.put("kubernetes.io/hostname", config.nodeName());
        labels.put("kubernetes.io/os", "linux");
        if (!node.get().exists()) {
            var podCidr = config.podCidr();
            var fresh = Node.builder()
                    .metadata(meta -> meta.name(config.nodeName()).labels(labels))
                    .spec(spec -> {
                        if (!podCidr.isEmpty()) spec.podCIDR(podCidr).podCIDRs(List.of(podCidr));
                    });
            try {
                client.create(Resources.NODES, fresh.map());
                return;
            } catch (ApiException e) {
                if (e.reason() != Reason.ALREADY_EXISTS) throw e;
            }
        }
        var patch = Node.builder().metadata(meta -> meta.labels(labels));
        client.mergePatch(Resources.NODES, key, "", patch.map());
    }

    private void renew() {
        var lease = new ObjectKey(LEASES, config.nodeName());
        var spec = LeaseSpec.builder()
                .holderIdentity(config.nodeName())
                .leaseDurationSeconds(LEASE_SECONDS)
                .renewTime(clock.instant())
                .build();
        try {
            var patch = Lease.builder().spec(spec);
            client.mergePatch(Resources.LEASES, lease, "", patch.map());
        } catch (ApiException e) {
            if (e.reason() != Reason.NOT_FOUND) throw e;
            var owner = client.get(Resources.NODES, key);
            var fresh = Lease.builder()
                    .metadata(meta -> meta.name(lease.name())
                            .namespace(lease.namespace())
                            .addOwnerReferences(reference -> reference
                                    .apiVersion("v1")
                                    .kind("Node")
                                    .name(owner.name())
                                    .uid(owner.uid())))
                    .spec(spec);
            client.create(Resources.LEASES, fresh.map());
        }
    }

    /// The node as Events name it.
    static Node self(String name) {
        return Node.builder()
                .apiVersion("v1")
                .kind("Node")
                .metadata(meta -> meta.name(name).uid(name))
                .build();
    }

    /// Says at once that the machine is shut down, or is not.
    void tellShutdown(String message) {
        events.record(self(config.nodeName()), EventType.NORMAL, "Shutdown", message, "");
        try {
            report();
        } catch (ApiException e) {
            LOG.warn("nobody can be told of the shutdown: {}", e.getMessage());
        }
    }

    private synchronized void report() {
        // Also while nobody can be told.
        findings.pressure.look();
        var known = node.get();
        if (!known.exists()) {
            register();
            known = client.get(Resources.NODES, key);
        }
        var now = clock.instant();
        var status = new NodeStatusReport(config, facts(), now).of(known);
        if (!NodeStatusReport.due(known, lastStatus, status, now)) return;
        var patch = Node.builder().status(status);
        client.mergePatch(Resources.NODES, key, "status", patch.map());
        lastStatus = status;
        for (var reason : NodeStatusReport.events(known, status)) tell(reason);
    }

    private void tell(String reason) {
        var name = config.nodeName();
        events.record(self(name), EventType.NORMAL, reason, "Node " + name + " status is now: " + reason, "");
    }

    private NodeStatusReport.Facts facts() {
        var failure = "";
        var runtimeVersion = "containerd://unknown";
        try {
            failure = NodeStatusReport.failure(runtime.conditions());
            var version = runtime.version();
            // Debian's own suffix is no part of the version.
            runtimeVersion =
                    version.runtimeName() + "://" + version.runtimeVersion().replace("~ds1", "");
        } catch (RuntimeFailure e) {
            var away = machine.runtimeAway();
            failure = "container runtime is down: " + (away.isEmpty() ? e.getMessage() : away);
        }
        if (findings.leaving.getAsBoolean())
            failure = failure.isEmpty() ? "node is shutting down" : "[" + failure + ", node is shutting down]";
        var system = machine.systemInfo()
                .containerRuntimeVersion(runtimeVersion)
                .kubeletVersion(config.version())
                .kubeProxyVersion("")
                .operatingSystem("linux");
        return new NodeStatusReport.Facts(
                machine.capacity(),
                findings.devices.counts(),
                system.build(),
                images(),
                failure,
                findings.pressure.present());
    }

    private List<ContainerImage> images() {
        try {
            return runtime.images().stream()
                    .limit(MOST_IMAGES)
                    .map(NodeReporter::image)
                    .toList();
        } catch (RuntimeFailure e) {
            return List.of();
        }
    }

    private static ContainerImage image(ContainerRuntime.Image image) {
        var shown = ContainerImage.builder().sizeBytes(image.size());
        image.tags().forEach(shown::addNames);
        image.digests().forEach(shown::addNames);
        return shown.build();
    }
}
