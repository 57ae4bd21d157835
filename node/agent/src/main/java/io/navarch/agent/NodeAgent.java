package io.navarch.agent;

import io.navarch.agent.act.Allocations;
import io.navarch.agent.act.ApiRecords;
import io.navarch.agent.act.ContainerStart;
import io.navarch.agent.act.ContainerStop;
import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.HttpAction;
import io.navarch.agent.act.Images;
import io.navarch.agent.act.LifecycleHooks;
import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.act.NodeShutdown;
import io.navarch.agent.act.NodeView;
import io.navarch.agent.act.Placement;
import io.navarch.agent.act.PodEvents;
import io.navarch.agent.act.PodReporter;
import io.navarch.agent.act.PodTasks;
import io.navarch.agent.act.PodWorkers;
import io.navarch.agent.act.ProbeCounts;
import io.navarch.agent.act.Probes;
import io.navarch.agent.act.PulledImages;
import io.navarch.agent.act.RegistryLogins;
import io.navarch.agent.act.RuntimeCache;
import io.navarch.agent.act.RuntimeRelist;
import io.navarch.agent.act.SharedCpus;
import io.navarch.agent.act.WorkerParts;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.cgroups.PodCgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.decide.Pressure;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.decide.StaticPod;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.agent.staticpods.MirrorPods;
import io.navarch.agent.staticpods.StaticPods;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.agent.stats.UsageReader;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.agent.volumes.ReferenceReader;
import io.navarch.client.Client;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent of one node: a worker for each of its pods, and reports on the node itself. It knows what it works on only
/// through ports, so that the agent of a real machine and that of a hollow node are the same.
public final class NodeAgent {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    private static final long ORPHANS_MILLIS = 10_000;
    /// Who has come to have processors for itself shares them no longer; the kubelet looks every ten seconds.
    private static final long CPUS_MILLIS = 2_000;

    /// What the agent works on.
    ///
    /// @param pod a pod as it was last seen, absent when there is none
    /// @param node the agent's own
    /// @param services those that containers may be told of
    /// @param nameservers what pods ask that do not ask the cluster's DNS
    public record Ports(
            Client client,
            ContainerRuntime runtime,
            Machine machine,
            PodFiles files,
            Cgroups cgroups,
            NodeDevices devices,
            Placement placement,
            PulledImages pulled,
            RegistryLogins logins,
            Probes.Factory probes,
            HttpAction http,
            EventSink events,
            Function<ObjectKey, Pod> pod,
            NodeView node,
            Supplier<Collection<Service>> services,
            List<String> nameservers,
            PodTasks tasks,
            Timers timers,
            InstantSource clock,
            RandomGenerator random,
            AgentMetrics metrics) {}

    private final ContainerRuntime runtime;
    private final RuntimeCache cache;
    private final PodWorkers workers;
    private final StaticPods statics;
    private final MirrorPods mirrors;
    private final PodCgroups cgroups;
    private final NodeLimits limits;
    private final ProbeCounts probeCounts = new ProbeCounts();
    private final UsageReader usage;
    private final Upkeep upkeep;
    private final NodeReporter reporter;
    private final NodeShutdown shutdown;
    private final PodTasks tasks;
    private final Placement placement;
    private final SharedCpus shared;
    private final AgentMetrics metrics;

    public NodeAgent(AgentConfig config, Ports ports) {
        var client = ports.client;
        var clock = ports.clock;
        var machine = ports.machine;
        runtime = ports.runtime;
        placement = ports.placement;
        metrics = ports.metrics;
        var capacity = machine.capacity();
        var allocatable = config.allocatable(capacity);
        cgroups = new PodCgroups(
                ports.cgroups, config.resources(), capacity, machine.mostProcesses(), placement::hasOwnCpus);
        limits = new NodeLimits(config, cgroups, ports.events);
        cache = new RuntimeCache(runtime, clock);
        var events = new PodEvents(ports.events);
        var images = new Images(
                runtime,
                new ReferenceReader(client),
                ports.pulled,
                ports.logins,
                events,
                clock,
                config.resources().images().pulls());
        var hooks = new LifecycleHooks(runtime, ports.http, ports.timers, events);
        var start = new ContainerStart(
                runtime,
                cache,
                new ContainerConfigs(config, machine.memory(), ports.nameservers),
                images,
                ports.files,
                cgroups,
                ports.devices,
                placement,
                new ReferenceReader(client),
                hooks,
                events,
                ports.services,
                config.nodeAddress(),
                allocatable);
        mirrors = new MirrorPods(new MirrorPods.Sources(client, ports.node::now, ports.pod), ports.tasks, ports.timers);
        statics = new StaticPods(new ApiRecords(client), this::changedHere, this::lookAtMirror, clock);
        tasks = ports.tasks;
        shutdown = new NodeShutdown(config.shutdown(), ports.timers);
        workers = new PodWorkers(new WorkerParts(
                (key, uid) -> known(ports, key, uid),
                statics::released,
                new PodAdmission(config.hardening(), machine.appArmor()),
                this::pressures,
                shutdown,
                ports.node,
                cache,
                start,
                new ContainerStop(runtime, hooks, events, clock),
                new PodReporter(statics, ports.files, ports.devices, config.nodeAddress(), clock),
                ports.files,
                cgroups,
                images,
                new Allocations(allocatable),
                placement,
                events,
                ports.probes,
                probeCounts,
                ports.tasks,
                ports.timers,
                clock,
                ports.metrics));
        ports.devices.onHealth(workers::wake);
        shared = new SharedCpus(runtime, cache, placement);
        usage = new UsageReader(
                config,
                new UsageReader.Sources(
                        ports.cgroups,
                        runtime,
                        workers::active,
                        cache::state,
                        machine::processes,
                        machine.booted(),
                        new NodeUsage.Size(machine.processors(), machine.memory())),
                clock);
        upkeep = new Upkeep(
                config, new Upkeep.Ports(machine, runtime, ports.cgroups, ports.events, clock), cache, workers, usage);
        reporter = new NodeReporter(
                config,
                client,
                runtime,
                machine,
                ports.node::now,
                new NodeReporter.Findings(upkeep.evictor(), shutdown::underWay, ports.devices),
                ports.events,
                clock,
                ports.random);
    }

    /// The machine is shut down: ends the pods, and returns when they have ended or have had their time.
    public void shutDown() throws InterruptedException {
        shutdown.begin();
        tellShutdown("Shutdown manager detected shutdown event");
        shutdown.endPods(workers);
    }

    /// The machine is not shut down after all.
    public void cancelShutdown() {
        shutdown.cancel();
        tellShutdown("Shutdown manager detected shutdown cancellation");
    }

    /// The API server may have ended, and the pods have little time.
    private void tellShutdown(String message) {
        tasks.start("shutdown", () -> reporter.tellShutdown(message));
    }

    private Set<Pressure> pressures() {
        return upkeep.evictor().present();
    }

    /// How many pods were ended because the node had to, by what for.
    public Map<String, Long> evictions() {
        return upkeep.evictor().evictions();
    }

    /// What the node and its pods take.
    public UsageReader usage() {
        return usage;
    }

    public ProbeCounts probeCounts() {
        return probeCounts;
    }

    /// Registers the node, and keeps its status and lease up to date.
    ///
    /// @param offset how much later than other nodes it renews its lease
    public void startReports(TaskScope scope, Duration offset) throws InterruptedException {
        reporter.start(scope, offset);
    }

    /// Follows the runtime. Pods that were added before are looked after from now on at the latest.
    public void startPods(TaskScope scope) {
        limits.enforce();
        // Before the first one is taken; the reports look again and again.
        upkeep.evictor().look();
        try {
            cache.refresh();
            if (statics.known()) workers.removeStaticOrphans();
        } catch (RuntimeFailure e) {
            // The node's condition says so as long as it is away; what it has is looked at when it is back.
            LOG.warn("the runtime cannot be asked what runs: {}", e.getMessage());
        }
        if (!runtime.onChange(workers::runtimeChanged)) new RuntimeRelist(runtime, this::list).start(scope);
    }

    private void list() {
        long since = metrics.lists();
        cache.refresh().forEach(workers::wake);
        metrics.listed(since);
    }

    /// All pods of the node have been added: what belongs to none of them goes, now and then.
    public void startUpkeep(TaskScope scope) {
        // Before new ones may come: theirs are theirs.
        placement.keep(workers.active().stream().map(Pod::uid).collect(Collectors.toSet()));
        workers.complete();
        mirrors.start(statics);
        try {
            removeOrphans();
        } catch (RuntimeFailure e) {
            LOG.warn("what is left of others stays for now: {}", e.getMessage());
        }
        scope.every("orphans", ORPHANS_MILLIS, this::removeOrphans);
        scope.every("cgroups", ORPHANS_MILLIS, this::followCgroups);
        if (placement.moves()) scope.every("cpus", CPUS_MILLIS, () -> shared.follow(workers.active()));
        upkeep.start(scope);
    }

    /// A disk that cannot be read now does not end the pods that it describes.
    private void removeOrphans() {
        workers.removeOrphans(uid -> statics.known() || !StaticPod.isUid(uid));
    }

    private void followCgroups() {
        limits.retry();
        workers.followCgroups();
    }

    /// A change of one of the node's pods in the API: `old` is absent for an addition, `now` for a deletion.
    public void changed(Pod old, Pod now) {
        var pod = now.exists() ? now : old;
        boolean mirror = StaticPod.isMirror(pod);
        // Nobody runs a mirror: whoever may make pods could call one so.
        if (!mirror) workers.changed(old, now);
        if (mirror || statics.get(pod.key()).exists()) lookAtMirror(pod.key());
    }

    /// Its pods that have not ended.
    public Collection<Pod> active() {
        return workers.active();
    }

    /// The pods that the node runs by itself.
    public StaticPods staticPods() {
        return statics;
    }

    private void changedHere(Pod old, Pod now) {
        workers.changed(old, now);
    }

    private void lookAtMirror(ObjectKey key) {
        mirrors.look(key, statics);
    }

    private Pod known(Ports ports, ObjectKey key, String uid) {
        var own = statics.get(key);
        return own.uid().equals(uid) ? own : ports.pod.apply(key);
    }

    /// What the runtime has of a pod.
    public RuntimeState state(String uid) {
        return cache.state(uid);
    }
}
