package io.navarch.agent.eviction;

import io.navarch.agent.act.EventSink;
import io.navarch.agent.act.PodWorkers;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.EvictionThresholds;
import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.EvictionThresholds.Threshold;
import io.navarch.agent.decide.NodeShortage;
import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.decide.Pressure;
import io.navarch.agent.stats.NodeUsage;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.agent.stats.UsageReader;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.process.TaskScope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether the node is short of something, takes what can be had without ending pods, and else ends one after the
/// other until enough is left.
public final class Evictor {
    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

    private static final Duration CLEANED_UP = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;
    private static final String LIMIT = "ephemeralpodfs.limit";

    /// @param observations what is left of everything
    /// @param separateImages whether images are on a file system of their own
    public record Sources(
            Supplier<Map<Signal, Observation>> observations, UsageReader usage, Supplier<Boolean> separateImages) {}

    private final AgentConfig.Eviction config;
    private final Sources sources;
    private final DiskReclaim reclaim;
    private final Node self;
    private final EventSink events;
    private final InstantSource clock;
    private final Map<String, Long> evictions = new ConcurrentHashMap<>();
    private volatile NodeShortage shortage = NodeShortage.NONE;

    /// @param self the node as Events name it
    public Evictor(
            AgentConfig.Eviction config,
            Sources sources,
            DiskReclaim reclaim,
            Node self,
            EventSink events,
            InstantSource clock) {
        this.config = config;
        this.sources = sources;
        this.reclaim = reclaim;
        this.self = self;
        this.events = events;
        this.clock = clock;
    }

    /// What the node is short of.
    public Set<Pressure> present() {
        return shortage.pressure().present();
    }

    /// How many pods were ended, by what for.
    public Map<String, Long> evictions() {
        return Map.copyOf(evictions);
    }

    /// Only looks.
    public void look() {
        var ignored = observed();
    }

    private synchronized Map<Signal, Observation> observed() {
        var observed = sources.observations.get();
        var before = shortage;
        shortage = before.next(config.thresholds(), observed, config.transition(), clock.instant());
        for (var threshold : shortage.since().keySet()) {
            if (!before.since().containsKey(threshold))
                LOG.warn("too little is left of {}: {}", threshold.signal(), observed.get(threshold.signal()));
        }
        if (shortage.since().isEmpty() && !before.since().isEmpty()) LOG.info("enough is left of everything again");
        return observed;
    }

    /// Looks, and does what has to be done: it takes as long as it takes until a pod is gone.
    public void round(PodWorkers workers) throws InterruptedException {
        var observed = observed();
        if (endGreedy(workers)) return;
        while (!shortage.starved().isEmpty()) {
            var urgent = shortage.urgent();
            var signal = urgent.getFirst().signal();
            events.record(
                    self, EventType.WARNING, "EvictionThresholdMet", "Attempting to reclaim " + signal.resource(), "");
            if (reclaimed(signal)) return;
            var evicted = evict(workers, urgent, observed);
            if (evicted.isEmpty()) return;
            awaitGone(workers, List.of(evicted.get()));
            observed = observed();
        }
    }

    /// Whether enough was had without ending pods.
    private boolean reclaimed(Signal signal) {
        boolean images = signal == Signal.IMAGEFS_AVAILABLE || signal == Signal.IMAGEFS_INODES_FREE;
        boolean node = signal == Signal.NODEFS_AVAILABLE || signal == Signal.NODEFS_INODES_FREE;
        if (!images && !(node && !sources.separateImages.get())) return false;
        reclaim.deadContainers();
        reclaim.unusedImages();
        return EvictionThresholds.met(config.thresholds().all(), sources.observations.get(), true)
                .isEmpty();
    }

    private Optional<Pod> evict(PodWorkers workers, List<Threshold> urgent, Map<Signal, Observation> observed) {
        var threshold = urgent.getFirst();
        var usage = sources.usage.now();
        var byUid = usage.each().stream().collect(Collectors.toMap(PodUsage::uid, Function.identity(), (a, b) -> b));
        var order = new EvictionOrder(byUid, sources.separateImages.get());
        var message = new EvictionMessage(threshold.signal(), urgent, observed);
        for (var pod : order.of(threshold.signal(), workers.active())) {
            if (PodAdmission.critical(pod)) continue;
            var said = message.of(pod, Optional.ofNullable(byUid.get(pod.uid())));
            long grace = threshold.hard()
                    ? Eviction.AT_ONCE
                    : Math.min(config.mostGraceSeconds(), pod.spec().terminationGracePeriodSecondsOr(30));
            LOG.warn("pod {} is ended: {}", pod.key(), said);
            if (!workers.evict(pod, Eviction.shortage(said, grace))) continue;
            evictions.merge(threshold.signal().toString(), 1L, Long::sum);
            return Optional.of(pod);
        }
        LOG.warn("no pod can be ended for {}", threshold.signal());
        return Optional.empty();
    }

    /// Ends those that have become larger than they said they would; returns whether there were any.
    private boolean endGreedy(PodWorkers workers) throws InterruptedException {
        var limited = workers.active().stream().filter(StorageLimits::has).toList();
        if (limited.isEmpty()) return false;
        var ended = new ArrayList<Pod>();
        var usage = sources.usage.usageWithDisk();
        for (var pod : limited) {
            var why =
                    usage(usage, pod).flatMap(used -> StorageLimits.exceeded(pod, used, sources.separateImages.get()));
            if (why.isEmpty() || PodAdmission.critical(pod)) continue;
            if (!workers.evict(pod, Eviction.of(why.get()))) continue;
            evictions.merge(LIMIT, 1L, Long::sum);
            ended.add(pod);
        }
        if (!ended.isEmpty()) awaitGone(workers, ended);
        return !ended.isEmpty();
    }

    private static Optional<PodUsage> usage(NodeUsage usage, Pod pod) {
        return usage.each().stream()
                .filter(each -> each.uid().equals(pod.uid()))
                .findFirst();
    }

    /// What they took is only there when nothing of them runs any more.
    private static void awaitGone(PodWorkers workers, List<Pod> pods) throws InterruptedException {
        long end = System.nanoTime() + CLEANED_UP.toNanos();
        while (System.nanoTime() < end && !pods.stream().allMatch(workers::stopped)) TaskScope.pause(LOOK_MILLIS);
    }
}
