package io.navarch.apiserver.flow;

import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.registry.Resources;
import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.Seat;
import io.navarch.model.FlowSchema;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import io.navarch.schema.admission.Verb;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// All priority levels, as the FlowSchemas and PriorityLevelConfigurations say that are stored. It looks at them with
/// each call, which costs next to nothing as long as they do not change.
public final class PriorityLevels implements Gate {
    private static final String GROUP = "flowcontrol.apiserver.k8s.io";
    /// How long a call waits: a quarter of the minute that calls may take.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration BORROWING = Duration.ofSeconds(10);

    /// @param version counts the changes of the objects it was made of; -1 when there were none yet
    private record Configuration(long version, FlowRules rules, Map<String, PriorityLevel> levels) {}

    /// A call has no seat.
    ///
    /// @param retryAfter in seconds; 0 when nobody waits for an answer any more
    private record Refusal(long retryAfter) {}

    private final Resources resources;
    private final int seats;
    private final int abreast;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Timers timers;
    private final FlowMetrics metrics;
    private final WatchCounts watches = new WatchCounts();
    private final WorkEstimator estimator;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Configuration configuration;
    private volatile double fairness;

    /// @param seats of all levels together
    /// @param abreast so many calls of a level compute at a time
    public PriorityLevels(
            Resources resources,
            int seats,
            int abreast,
            InstantSource clock,
            LongSupplier nanoTime,
            Timers timers,
            Metrics registry) {
        this.resources = resources;
        this.seats = seats;
        this.abreast = abreast;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.timers = timers;
        metrics = new FlowMetrics(registry);
        estimator = new WorkEstimator(resources, watches);
        configuration = configured(-1, List.of(), List.of(), Map.of());
        registry.registerGauges(this::gauges);
    }

    private Collection<Metric.Sample> gauges() {
        var samples = new ArrayList<Metric.Sample>();
        for (var level : configuration.levels.values()) FlowMetrics.level(level, samples);
        samples.add(FlowMetrics.fairness(fairness));
        return samples;
    }

    /// Has levels borrow from each other from now on.
    public void start(TaskScope scope) {
        scope.every("priority-and-fairness", BORROWING.toMillis(), this::borrow);
    }

    @Override
    public Admission admit(ApiRequest request) throws InterruptedException {
        var info = request.info();
        var now = current();
        var flow = now.rules.classify(info, request.user());
        var level = now.levels.get(flow.level());
        if (level == null) level = now.levels.get(LevelSettings.CATCH_ALL);
        if (level == null) throw new IllegalStateException("there is always a catch-all level");
        var work = estimator.estimate(info, request.call(), level.mostOfCall());
        metrics.estimated(flow, work.most());
        if (work.afterwards() > 0) metrics.watched(flow, watches.of(info));
        long hash = level.settings().queues() > 1 ? Hand.flow(flow.schema(), flow.distinguisher()) : 0;
        var pass = new Pass(level, flow, work, hash, request);
        var refusal = pass.enter();
        return new Admission(
                flow.uid(),
                level.settings().uid(),
                refusal.isEmpty() ? Optional.of(pass) : Optional.empty(),
                refusal.map(Refusal::retryAfter).orElse(0L));
    }

    /// A call's way through its level.
    private final class Pass implements Seat {
        private final PriorityLevel level;
        private final FlowRules.Flow flow;
        private final Work work;
        private final long hash;
        private final ApiRequest request;
        private Optional<FairQueues.Ticket> ticket = Optional.empty();
        private long servedSince;
        private Optional<Runnable> watch = Optional.empty();

        Pass(PriorityLevel level, FlowRules.Flow flow, Work work, long hash, ApiRequest request) {
            this.level = level;
            this.flow = flow;
            this.work = work;
            this.hash = hash;
            this.request = request;
        }

        Optional<Refusal> enter() throws InterruptedException {
            var arrived = level.queues().arrive(flow.schema(), work, hash);
            request.call().entered();
            if (arrived.isEmpty()) {
                hold();
                return refuse(level.settings().queues() == 0 ? "concurrency-limit" : "queue-full");
            }
            var mine = arrived.get();
            if (mine.state == FairQueues.Ticket.State.WAITING) {
                var refused = queue(mine);
                if (refused.isPresent()) return refused;
            } else if (!level.settings().exempt()) {
                metrics.waited(flow, 0, true);
            }
            ticket = arrived;
            servedSince = nanoTime.getAsLong();
            metrics.begins(flow, work);
            return Optional.empty();
        }

        private Optional<Refusal> queue(FairQueues.Ticket mine) throws InterruptedException {
            var queues = level.queues();
            long since = nanoTime.getAsLong();
            request.call().onClose(() -> queues.abandon(mine));
            metrics.queued(flow, queues.length(mine), work, 1);
            boolean served = false;
            try {
                served = queues.await(mine, PATIENCE.toNanos());
            } finally {
                metrics.queued(flow, 0, work, -1);
                metrics.waited(flow, nanoTime.getAsLong() - since, served);
            }
            if (served) return Optional.empty();
            boolean late = nanoTime.getAsLong() - since >= PATIENCE.toNanos();
            return late ? refuse("time-out") : gone();
        }

        /// Nobody who floods is refused faster than others can bear.
        private void hold() throws InterruptedException {
            var pace = level.pace();
            long nanos = pace.hold(nanoTime.getAsLong());
            try {
                if (nanos > 0) timers.pause(Duration.ofNanos(nanos));
            } finally {
                pace.told();
            }
        }

        private Optional<Refusal> gone() {
            metrics.refused(flow, "cancelled");
            return Optional.of(new Refusal(0));
        }

        private Optional<Refusal> refuse(String reason) {
            metrics.refused(flow, reason);
            return Optional.of(new Refusal(level.retryAfter().refuse(clock.millis() / 1000)));
        }

        @Override
        public void leave() {
            if (ticket.isEmpty()) return;
            var mine = ticket.get();
            ticket = Optional.empty();
            boolean watching = request.info().is(Verb.WATCH);
            if (watching && watch.isEmpty()) watch = Optional.of(watches.begin(request.info()));
            level.queues().finish(mine);
            metrics.ends(flow, work, nanoTime.getAsLong() - servedSince, watching);
        }

        @Override
        public void computed() {
            ticket.ifPresent(level.queues()::computed);
        }

        @Override
        public void aside() {
            ticket.ifPresent(level.queues()::aside);
        }

        @Override
        public void lend() {
            ticket.ifPresent(level.queues()::lend);
        }

        @Override
        public void takeBack() {
            ticket.ifPresent(level.queues()::takeBack);
        }

        @Override
        public boolean takeAgain() throws InterruptedException {
            return ticket.isPresent() || enter().isEmpty();
        }

        @Override
        public void close() {
            leave();
            watch.ifPresent(Runnable::run);
            watch = Optional.empty();
        }
    }

    private Configuration current() {
        var known = configuration;
        var schemas = cache("flowschemas");
        var levels = cache("prioritylevelconfigurations");
        if (schemas.isEmpty() || levels.isEmpty()) return known;
        if (known.version == schemas.get().changes() + levels.get().changes()) return known;
        changing.lock();
        try {
            long version = schemas.get().changes() + levels.get().changes();
            if (configuration.version == version) return configuration;
            configuration = configured(
                    version,
                    schemas.get().all().stream()
                            .map(stored -> new FlowSchema(stored.read().value()))
                            .toList(),
                    levels.get().all().stream()
                            .map(stored ->
                                    new PriorityLevelConfiguration(stored.read().value()))
                            .toList(),
                    configuration.levels);
            return configuration;
        } finally {
            changing.unlock();
        }
    }

    private Optional<ObjectCache> cache(String plural) {
        return resources.kind(GROUP, plural).map(kind -> resources.storage().cache(kind));
    }

    private Configuration configured(
            long version,
            List<FlowSchema> schemas,
            List<PriorityLevelConfiguration> objects,
            Map<String, PriorityLevel> before) {
        var settings = new HashMap<String, LevelSettings>();
        settings.put(LevelSettings.EXEMPT, LevelSettings.IMAGINED_EXEMPT);
        settings.put(LevelSettings.CATCH_ALL, LevelSettings.IMAGINED_CATCH_ALL);
        for (var object : objects) LevelSettings.of(object).ifPresent(level -> settings.put(level.name(), level));
        int shares = settings.values().stream().mapToInt(LevelSettings::shares).sum();
        var levels = new HashMap<String, PriorityLevel>();
        settings.forEach((name, each) -> {
            var limits = SeatShares.Limits.of(each, seats, shares);
            var known = before.get(name);
            if (known == null) known = new PriorityLevel(each, limits, abreast, nanoTime, timers);
            else known.configure(each, limits);
            levels.put(name, known);
        });
        // Levels that are gone serve whoever is there already, and then nobody.
        share(levels);
        return new Configuration(version, FlowRules.of(schemas, settings.keySet()), Map.copyOf(levels));
    }

    private void borrow() {
        changing.lock();
        try {
            share(configuration.levels);
        } finally {
            changing.unlock();
        }
    }

    private void share(Map<String, PriorityLevel> levels) {
        var all = List.copyOf(levels.values());
        for (var level : all) level.look(nanoTime.getAsLong());
        var division = SeatShares.divide(all.stream().map(PriorityLevel::need).toList());
        for (int i = 0; i < all.size(); i++) all.get(i).seats(division.seats().get(i));
        fairness = division.fairness();
    }
}
