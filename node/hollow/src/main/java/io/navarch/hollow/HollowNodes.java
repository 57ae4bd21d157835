package io.navarch.hollow;

import io.navarch.agent.NodeAgent;
import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.HttpAction;
import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.act.NodeView;
import io.navarch.agent.act.Probes;
import io.navarch.agent.act.PulledImages;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.act.ThreadTasks;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.ResourceConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.agent.placement.NodePlacement;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.client.Client;
import io.navarch.client.Informer;
import io.navarch.client.Informers;
import io.navarch.cri.InMemoryRuntime;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metrics;
import io.navarch.process.SystemTimers;
import io.navarch.process.TaskScope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many nodes in one process: each has an agent and a runtime of its own, and all share caches, timers and threads.
///
/// Their pods have no volumes, probes and Events; what they refer to in their environment must exist.
public final class HollowNodes {
    private static final Logger LOG = LoggerFactory.getLogger(HollowNodes.class);
    private static final String PREFIX = "hollow-";
    private static final String ADDRESS = "127.0.0.1";
    private static final Duration LEASE_INTERVAL = Duration.ofSeconds(10);
    private static final Path NOWHERE = Path.of("/nonexistent");

    private record HollowNode(NodeAgent agent, InMemoryRuntime runtime, Restoration restoration) {}

    private record CachedNode(Informer<Node> cache, String name) implements NodeView {
        @Override
        public Node seen() {
            return cache.get(new ObjectKey("", name));
        }

        @Override
        public Node now() {
            return seen();
        }
    }

    private final Client client;
    private final int count;
    private final Behaviour behaviour;
    private final String version;
    private final InstantSource clock;
    private final RandomGenerator random;
    /// By name; filled before anything else starts.
    private final Map<String, HollowNode> nodes = new HashMap<>();

    /// @param version the nodes' version, as they tell it
    public HollowNodes(
            Client client,
            int count,
            Behaviour behaviour,
            String version,
            InstantSource clock,
            RandomGenerator random) {
        this.client = client;
        this.count = count;
        this.behaviour = behaviour;
        this.version = version;
        this.clock = clock;
        this.random = random;
    }

    private static String name(int index) {
        return "%s%04d".formatted(PREFIX, index);
    }

    /// Registers the nodes and begins to follow pods. Call before the caches start.
    public void start(TaskScope scope, Informers caches) {
        var pods = caches.of(Resources.PODS);
        var hollowPods = new HollowPods(behaviour, pods::get, random.nextLong());
        var timers = new SystemTimers(scope);
        // Nobody asks for it: these nodes have no port.
        var metrics = new AgentMetrics(new Metrics(), System::nanoTime);
        var tasks = new ThreadTasks(scope);
        var known = caches.of(Resources.NODES);
        for (int i = 0; i < count; i++) {
            var name = name(i);
            var config = new AgentConfig(
                    name,
                    ADDRESS,
                    0,
                    NOWHERE,
                    NOWHERE,
                    NOWHERE,
                    NOWHERE,
                    "",
                    "",
                    "",
                    version,
                    AgentConfig.Hardening.NONE,
                    AgentConfig.Eviction.NONE,
                    ShutdownPeriods.NONE,
                    ResourceConfig.DEFAULT);
            var idPrefix = name + "-" + Long.toHexString(clock.millis());
            var runtime = new InMemoryRuntime(idPrefix, hollowPods, clock, timers);
            var machine = new HollowMachine();
            var agent = new NodeAgent(
                    config,
                    new NodeAgent.Ports(
                            client,
                            runtime,
                            machine,
                            PodFiles.NONE,
                            Cgroups.NONE,
                            NodeDevices.NONE,
                            NodePlacement.ofDevices(NodeDevices.NONE),
                            PulledImages.NONE,
                            RegistryLogins.NONE,
                            listener -> Probes.NONE,
                            HttpAction.NONE,
                            EventSink.NOWHERE,
                            pods::get,
                            new CachedNode(known, name),
                            List::of,
                            List.of(),
                            tasks,
                            timers,
                            clock,
                            random,
                            metrics));
            agent.startPods(scope);
            var configs = new ContainerConfigs(config, machine.memory(), List.of());
            nodes.put(name, new HollowNode(agent, runtime, new Restoration(configs)));
        }
        pods.onChange(this::changed);
        scope.start("hollow-nodes", () -> register(scope, caches));
    }

    private void register(TaskScope scope, Informers caches) throws InterruptedException {
        caches.awaitSync();
        for (var node : nodes.values()) node.agent.startUpkeep(scope);
        for (int i = 0; i < count; i++) {
            var node = nodes.get(name(i));
            if (node != null)
                node.agent.startReports(scope, LEASE_INTERVAL.multipliedBy(i).dividedBy(count));
        }
        LOG.info("{} hollow nodes are ready", count);
    }

    private void changed(Pod old, Pod now) {
        var node = nodes.get((now.exists() ? now : old).spec().nodeName());
        if (node == null) return;
        boolean ranBefore = !old.exists()
                && now.status().phase() == PodPhase.RUNNING
                && now.status().hasStartTime();
        if (ranBefore) node.restoration.restore(now, node.runtime);
        node.agent.changed(old, now);
    }
}
