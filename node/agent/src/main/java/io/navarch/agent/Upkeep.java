package io.navarch.agent;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.PodWorkers;
import io.navarch.agent.act.RuntimeCache;
import io.navarch.agent.cgroups.CgroupUsage;
import io.navarch.agent.cgroups.Cgroups;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.PodCgroup;
import io.navarch.agent.eviction.DiskReclaim;
import io.navarch.agent.eviction.Evictor;
import io.navarch.agent.garbage.ContainerCollector;
import io.navarch.agent.garbage.ImageCollector;
import io.navarch.agent.garbage.LogRotation;
import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.stats.UsageReader;
import io.navarch.cri.ContainerRuntime;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What keeps a node from running short: garbage that goes, and pods that go when that is not enough.
final class Upkeep {
    /// Shortages come faster than the kubelet's ten seconds; to look costs little.
    private static final Duration SHORTAGES = Duration.ofSeconds(3);

    private static final Duration LOGS = Duration.ofSeconds(10);
    private static final Duration CONTAINERS = Duration.ofMinutes(1);
    private static final Duration IMAGES = Duration.ofMinutes(5);

    /// What it looks at and works on.
    record Ports(Machine machine, ContainerRuntime runtime, Cgroups cgroups, EventSink events, InstantSource clock) {}

    private final AgentConfig config;
    private final Ports ports;
    private final PodWorkers workers;
    private final ContainerCollector containers;
    private final ImageCollector images;
    private final LogRotation logs;
    private final Evictor evictor;

    Upkeep(AgentConfig config, Ports ports, RuntimeCache cache, PodWorkers workers, UsageReader usage) {
        this.config = config;
        this.ports = ports;
        this.workers = workers;
        var self = NodeReporter.self(config.nodeName());
        containers = new ContainerCollector(ports.runtime(), cache);
        logs = new LogRotation(config, ports.runtime(), cache, ports.clock());
        images = new ImageCollector(
                ports.runtime(),
                cache,
                config.resources().images(),
                this::imageSpace,
                self,
                ports.events(),
                ports.clock());
        evictor = new Evictor(
                config.eviction(),
                new Evictor.Sources(
                        this::observations, usage, () -> ports.machine().separateImages()),
                new Reclaim(),
                self,
                ports.events(),
                ports.clock());
    }

    private final class Reclaim implements DiskReclaim {
        @Override
        public void deadContainers() {
            containers.collect(workers, true);
        }

        @Override
        public void unusedImages() {
            images.unused();
        }
    }

    Evictor evictor() {
        return evictor;
    }

    void start(TaskScope scope) {
        scope.every("evictions", SHORTAGES.toMillis(), () -> evictor.round(workers));
        scope.every("logs", LOGS.toMillis(), () -> logs.rotate(workers));
        scope.start("garbage", () -> {
            TaskScope.pause(CONTAINERS.toMillis());
            scope.every("dead-containers", CONTAINERS.toMillis(), () -> containers.collect(workers, false));
            TaskScope.pause(IMAGES.minus(CONTAINERS).toMillis());
            scope.every("unused-images", IMAGES.toMillis(), images::collect);
        });
    }

    private Optional<FileSystemSpace> imageSpace() {
        try {
            return Optional.of(FileSystemSpace.of(config.images()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Map<Signal, Observation> observations() {
        var machine = ports.machine();
        var seen = new EnumMap<Signal, Observation>(Signal.class);
        seen.putAll(machine.observations());
        ports.cgroups().usage("").ifPresent(usage -> seen.put(Signal.MEMORY_AVAILABLE, left(usage, machine.memory())));
        ports.cgroups()
                .usage(PodCgroup.ofPods(config.resources().cgroupRoot()))
                .filter(usage -> usage.memory().limit() > 0)
                .ifPresent(usage -> seen.put(
                        Signal.ALLOCATABLE_MEMORY_AVAILABLE,
                        left(usage, usage.memory().limit())));
        return seen;
    }

    private static Observation left(CgroupUsage usage, long whole) {
        return new Observation(whole, Math.max(0, whole - usage.memory().workingSet()));
    }
}
