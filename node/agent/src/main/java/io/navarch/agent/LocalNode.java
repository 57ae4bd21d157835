package io.navarch.agent;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.HttpAction;
import io.navarch.agent.act.NodeView;
import io.navarch.agent.act.ProbeCheck;
import io.navarch.agent.act.Prober;
import io.navarch.agent.act.PulledImagesOnDisk;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.act.ThreadTasks;
import io.navarch.agent.api.AgentApi;
import io.navarch.agent.api.AgentPages;
import io.navarch.agent.api.NodePods;
import io.navarch.agent.cgroups.CgroupRemains;
import io.navarch.agent.cgroups.KernelCgroups;
import io.navarch.agent.cgroups.MeasuredCgroups;
import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.csi.DriverLimits;
import io.navarch.agent.csi.NodeAnnouncement;
import io.navarch.agent.csi.PluginWatcher;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.StaticPod;
import io.navarch.agent.devices.PluggedDevices;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.agent.numa.MachineFiles;
import io.navarch.agent.placement.NodePlacement;
import io.navarch.agent.placement.PodShares;
import io.navarch.agent.placement.ResourceSocket;
import io.navarch.agent.placement.Shares;
import io.navarch.agent.shutdown.Logind;
import io.navarch.agent.staticpods.ManifestWatch;
import io.navarch.agent.stats.ClaimUsage;
import io.navarch.agent.volumes.ApiCsiObjects;
import io.navarch.agent.volumes.ClaimReader;
import io.navarch.agent.volumes.DiskFiles;
import io.navarch.agent.volumes.DriverVolumes;
import io.navarch.agent.volumes.ProjectedTokens;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.client.Client;
import io.navarch.client.EventRecorder;
import io.navarch.client.Informer;
import io.navarch.cri.ContainerRuntime;
import io.navarch.csi.CsiSockets;
import io.navarch.csi.DeviceSockets;
import io.navarch.csi.ResourceSockets;
import io.navarch.http.HttpClient;
import io.navarch.kinds.BuiltInKinds;
import io.navarch.kinds.pod.PodManifest;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Service;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Backoff;
import io.navarch.process.Metrics;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node that is this machine: its agent, and the API through which logs and streams of its pods are reached.
public final class LocalNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

    /// A cluster's autoscaler says so.
    private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

    private final AgentConfig config;
    private final ContainerRuntime runtime;
    private final Informer<Pod> pods;
    private final Informer<Service> services;
    private final Informer<Node> node;
    private final EventRecorder events;
    private final NodeAnnouncement announcement;
    private final DriverLimits limits;
    private final PluginWatcher watcher;
    private final PluggedDevices devices;
    private final DriverVolumes driverVolumes;
    private final DiskFiles files;
    private final NodeAgent agent;
    private final AgentApi api;
    private final ManifestWatch manifests;
    private final ResourceSocket resources;
    private final TaskScope scope = new TaskScope();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /// What single containers have of this machine, as an earlier agent has given it, or else nothing yet.
    ///
    /// @throws IllegalArgumentException in the kubelet's words, when the node cannot be as it is to be
    /// @throws IOException when it cannot be written down
    public static Shares shares(AgentConfig config) throws IOException {
        var machine = new LocalMachine(config.root(), config.images(), () -> "");
        return Shares.of(
                config.resources().placement(),
                new MachineFiles(Path.of("/sys/devices/system"), machine.memory()).read(),
                config.kept(machine.capacity()),
                config.root());
    }

    /// What is told of the agent besides what it does.
    ///
    /// @param flags with which it was started
    public record Introspection(Metrics metrics, Map<String, String> flags) {}

    /// @param shares as [#shares] gives them
    /// @param runtimeAway why the runtime is away, as far as somebody knows who keeps it running; otherwise `""`
    public LocalNode(
            AgentConfig config,
            Shares shares,
            RegistryLogins logins,
            Client client,
            ContainerRuntime runtime,
            CsiSockets plugins,
            DeviceSockets deviceSockets,
            ResourceSockets resourceSockets,
            Supplier<String> runtimeAway,
            HttpClient http,
            Informer<Service> services,
            Introspection introspection,
            InstantSource clock,
            RandomGenerator random) {
        var measured = new AgentMetrics(introspection.metrics(), System::nanoTime);
        this.config = config;
        this.runtime = runtime;
        this.services = services;
        events = new EventRecorder(client, "kubelet", config.nodeName(), clock);
        pods = new Informer<>(
                client, Resources.PODS, "fieldSelector=" + Client.encode("spec.nodeName=" + config.nodeName()));
        node = Informer.ofOne(client, Resources.NODES, new ObjectKey("", config.nodeName()));
        var own = new OwnNode(client, node, config.nodeName());
        var machine = new LocalMachine(config.root(), config.images(), runtimeAway);
        announcement = new NodeAnnouncement(client, config.nodeName());
        var drivers = new CsiDrivers(plugins, announcement);
        devices = new PluggedDevices(
                config.root().resolve("device-plugins"),
                deviceSockets,
                scope,
                clock,
                shares.machine().nodeIds());
        watcher = new PluginWatcher(
                config.root().resolve("plugins_registry"),
                plugins,
                Map.of(CsiDrivers.TYPE, drivers, PluggedDevices.TYPE, devices),
                clock);
        var tokens = new ProjectedTokens(client, clock);
        var objects = new ApiCsiObjects(client, config.nodeName(), own::seen, tokens, pods::get, events, clock);
        driverVolumes = new DriverVolumes(config.root(), config.nodeName(), drivers, objects, clock);
        limits = new DriverLimits(drivers, objects::driver, clock);
        files = new DiskFiles(
                config,
                new ReferenceReader(client),
                tokens,
                ClaimReader.of(client, config.nodeName()),
                driverVolumes,
                runtime.imageViews(),
                config.allocatable(machine.capacity()),
                measured);
        var calls = HttpAction.over(http);
        EventSink sink = events::record;
        agent = new NodeAgent(
                config,
                new NodeAgent.Ports(
                        client,
                        runtime,
                        machine,
                        files,
                        new MeasuredCgroups(KernelCgroups.of(clock), measured),
                        devices,
                        new NodePlacement(shares, devices),
                        new PulledImagesOnDisk(config.root().resolve("image_manager")),
                        logins,
                        listener -> new Prober(new ProbeCheck(runtime, calls), listener),
                        calls,
                        sink,
                        pods::get,
                        own,
                        services::all,
                        LocalMachine.nameservers(),
                        new ThreadTasks(scope),
                        new SystemTimers(scope),
                        clock,
                        random,
                        measured));
        var told = new PodShares(agent::active, key -> new Pods().get(key.namespace(), key.name()), devices, shares);
        resources = new ResourceSocket(config.root().resolve("pod-resources"), resourceSockets, told);
        manifests = new ManifestWatch(config.manifests(), config.nodeName(), new Rules(), agent.staticPods());
        var pages = new AgentPages(
                config.version(),
                introspection.flags(),
                introspection.metrics(),
                measured::sinceList,
                agent::evictions);
        api = new AgentApi(config, new Pods(), runtime, http, client, agent.usage(), agent.probeCounts(), pages, clock);
    }

    /// What pods must be, read once it is asked for: most nodes run none by themselves.
    private static final class Rules implements Supplier<PodManifest> {
        private @Nullable PodManifest read;

        @Override
        public PodManifest get() {
            var known = read == null ? new PodManifest(BuiltInKinds.types()) : read;
            read = known;
            return known;
        }
    }

    private record OwnNode(Client client, Informer<Node> informer, String name) implements NodeView {
        private ObjectKey key() {
            return new ObjectKey("", name);
        }

        @Override
        public Node seen() {
            return informer.get(key());
        }

        @Override
        public Node now() {
            return client.find(Resources.NODES, key());
        }
    }

    private final class Pods implements NodePods {
        @Override
        public Collection<Pod> all() {
            var all = new ArrayList<>(agent.staticPods().all());
            for (var pod : pods.all()) if (!StaticPod.isMirror(pod)) all.add(pod);
            return all;
        }

        @Override
        public Pod get(String namespace, String name) {
            var key = new ObjectKey(namespace, name);
            var own = agent.staticPods().get(key);
            if (own.exists()) return own;
            var pod = pods.get(key);
            return StaticPod.isMirror(pod) ? Pod.ABSENT : pod;
        }

        @Override
        public RuntimeState state(String uid) {
            return agent.state(uid);
        }

        @Override
        public Collection<ClaimUsage> claims(String uid) {
            return files.claims(uid);
        }
    }

    /// Starts to look after the node's pods, at once those that it runs by itself, and the others, and the node, as
    /// soon as the API answers.
    public void start() {
        try {
            CgroupRemains.note(config.root(), config.resources().cgroupRoot());
            devices.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        events.start(scope);
        manifests.start(scope);
        resources.start(scope);
        pods.onChange(agent::changed);
        pods.start(scope);
        node.start(scope);
        agent.startPods(scope);
        scope.start("node", this::join);
    }

    private void join() throws InterruptedException {
        try {
            enter();
            ready.complete(null);
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
            throw e;
        }
    }

    private void enter() throws InterruptedException {
        for (int failures = 1; !registered(); failures++) TaskScope.pause(AGAIN.after(failures));
        events.normal(NodeReporter.self(config.nodeName()), "Starting", "Starting kubelet.");
        pods.awaitSync();
        services.awaitSync();
        node.awaitSync();
        announcement.start(scope);
        limits.start(scope);
        startPlugins();
        agent.startUpkeep(scope);
        var wanted = Duration.ofSeconds(config.shutdown().seconds());
        if (wanted.isPositive()) Logind.ofMachine(wanted, new Shutdowns()).start(scope);
    }

    private final class Shutdowns implements Logind.Listener {
        @Override
        public void shutdown() throws InterruptedException {
            agent.shutDown();
        }

        @Override
        public void cancelled() {
            agent.cancelShutdown();
        }
    }

    private boolean registered() throws InterruptedException {
        try {
            agent.startReports(scope, Duration.ZERO);
            return true;
        } catch (ApiException e) {
            LOG.warn("the node cannot be registered: {}", e.getMessage());
            return false;
        }
    }

    /// Waits until the node is registered and all of its pods are known.
    public void awaitReady() throws InterruptedException {
        try {
            ready.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// The same; false when that takes longer.
    public boolean awaitReady(Duration most) throws InterruptedException {
        try {
            ready.get(most.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void startPlugins() {
        try {
            watcher.start(scope);
            driverVolumes.start(scope);
            files.start(scope);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether new connections may be sent to this node: it is there, and nobody is about to take it away.
    public boolean eligible() {
        var seen = node.get(new ObjectKey("", config.nodeName()));
        return seen.exists()
                && !seen.deleting()
                && seen.spec().taints().stream().noneMatch(taint -> taint.key().equals(TO_BE_DELETED));
    }

    /// The node's own pods, which others on this machine follow too.
    public Informer<Pod> pods() {
        return pods;
    }

    public AgentApi api() {
        return api;
    }

    /// Leaves pods running, which the next agent finds, unless the machine goes down without having waited for them.
    @Override
    public void close() {
        if (config.shutdown().seconds() > 0 && Logind.stopping()) endPods();
        scope.close();
        runtime.close();
    }

    private void endPods() {
        try {
            agent.shutDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
