package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerRun;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reconciler;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// One controller in a [World], on the reconciler and the executor that ship: caches that each are somewhere in the log
/// of changes, and a queue.
final class Loop<S> {
    private final World world;
    private final ControllerRun<S> run;
    private final Controller<S> controller;
    private final ControllerWiring wiring;
    private final List<ResourceType<?>> types;
    private Late caches;
    private Reconciler<S> reconciler;
    private final LinkedHashSet<ObjectKey> queue = new LinkedHashSet<>();
    private final Map<ObjectKey, Instant> later = new LinkedHashMap<>();

    Loop(World world, ControllerRun<S> run) {
        this.world = world;
        this.run = run;
        controller = run.controller();
        wiring = controller.wiring();
        types = wiring.inputs().stream()
                .<ResourceType<?>>map(ControllerWiring.Input::type)
                .distinct()
                .toList();
        restart();
    }

    /// Forgets everything, and begins with what there is.
    void restart() {
        queue.clear();
        later.clear();
        caches = new Late();
        reconciler = new Reconciler<>(
                new ControllerRun<>(new Twice<>(controller), run.reads()),
                caches,
                world.executor(new HashSet<>(types), this::record),
                this::record,
                () -> world.now,
                () -> 0L);
        controller.prepare(caches);
        for (var type : types) caches.store(type).catchUp(world.log.size(), false);
        queue.addAll(allKeys());
    }

    private Collection<ObjectKey> allKeys() {
        var keys = new LinkedHashSet<ObjectKey>();
        for (var input : wiring.inputs()) keys.addAll(allKeys(input));
        return keys;
    }

    private <T extends Lens> Collection<ObjectKey> allKeys(ControllerWiring.Input<T> input) {
        var keys = new LinkedHashSet<ObjectKey>();
        var absent = input.type().read(View.ABSENT);
        for (var object : caches.of(input.type()).all())
            keys.addAll(input.changes().keysOf(caches, absent, object));
        return keys;
    }

    /// A cache hears of some changes, or a key is worked on.
    void step() {
        if (world.random.nextInt(3) == 0) {
            var cache = caches.store(types.get(world.random.nextInt(types.size())));
            int behind = world.log.size() - cache.position;
            if (behind > 0) cache.catchUp(cache.position + 1 + world.random.nextInt(behind), true);
            return;
        }
        for (var entry : List.copyOf(later.entrySet()))
            if (!entry.getValue().isAfter(world.now)) {
                later.remove(entry.getKey());
                queue.add(entry.getKey());
            }
        if (queue.isEmpty()) return;
        var keys = List.copyOf(queue);
        work(keys.get(world.random.nextInt(keys.size())));
    }

    private void work(ObjectKey key) {
        queue.remove(key);
        try {
            var outcome = reconciler.reconcile(key, (type, revision) -> caches.store(type).position >= revision);
            if (!outcome.done()) queue.add(key);
            outcome.requeueAfter()
                    .ifPresent(delay -> later.merge(key, world.now.plus(delay), (a, b) -> a.isBefore(b) ? a : b));
        } catch (ApiException e) {
            queue.add(key);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Checks that equal observations lead to equal decisions.
    private record Twice<S>(Controller<S> inner) implements Controller<S> {
        @Override
        public ControllerWiring wiring() {
            return inner.wiring();
        }

        @Override
        public Optional<S> observe(Caches caches, ObjectKey key) {
            return inner.observe(caches, key);
        }

        @Override
        public Decision decide(S seen, Instant now) {
            var decision = inner.decide(seen, now);
            assertThat(inner.decide(seen, now))
                    .as("%s decides the same for the same", wiring().name())
                    .isEqualTo(decision);
            return decision;
        }

        @Override
        public List<Metric.Sample> syncMetrics(S seen, Decision decision, java.time.Duration took, boolean failed) {
            return inner.syncMetrics(seen, decision, took, failed);
        }
    }

    /// Nothing is recorded that was not declared.
    private void record(Metric.Sample sample) {
        assertThat(wiring.metrics()).contains(sample.metric());
        world.metrics.record(sample);
    }

    /// Nothing to do, nothing to hear of, and nothing due within a while.
    boolean idle() {
        return queue.isEmpty()
                && types.stream().allMatch(type -> caches.store(type).current())
                && later.values().stream().noneMatch(at -> at.isBefore(world.now.plusSeconds(100)));
    }

    void expectNothingToDo(String what) {
        for (var type : types) caches.store(type).catchUp(world.log.size(), false);
        for (var sample : controller.gauges(caches))
            assertThat(wiring.metrics()).contains(sample.metric());
        for (var key : allKeys()) {
            var observed = controller.observe(caches, key);
            if (observed.isEmpty()) continue;
            assertThat(controller.decide(read(observed.get()), world.now).actions().stream()
                            .filter(action -> !(action instanceof Action.RecordEvent))
                            .toList())
                    .as("%s: %s has nothing to do for %s", what, wiring.name(), key)
                    .isEmpty();
        }
    }

    private S read(S observed) {
        try {
            return run.reads().read(observed, world.now);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Late implements Caches {
        private final Map<ResourceType<?>, LateStore> stores = new HashMap<>();

        LateStore store(ResourceType<?> type) {
            return stores.computeIfAbsent(type, LateStore::new);
        }

        @Override
        public <T extends Lens> Cache<T> of(ResourceType<T> type) {
            return new LateCache<>(store(type), type);
        }
    }

    /// What a cache knows: the objects as they were at some place in the log.
    private final class LateStore {
        private final ResourceType<?> type;
        private final Map<ObjectKey, View> objects = new TreeMap<>();
        private final Map<String, Function<View, Collection<String>>> indexes = new HashMap<>();
        private int position;

        LateStore(ResourceType<?> type) {
            this.type = type;
            indexes.put(Cache.CONTROLLER, Cache::controllerOf);
            indexes.put(Cache.NAMESPACE, Cache::namespaceOf);
        }

        /// Whether nothing of its resource is left to hear of.
        boolean current() {
            for (int i = position; i < world.log.size(); i++)
                if (world.log.get(i).type().equals(type)) return false;
            return true;
        }

        void catchUp(int to, boolean tell) {
            for (; position < to; position++) {
                var change = world.log.get(position);
                if (!change.type().equals(type)) continue;
                var key = (change.now().exists() ? change.now() : change.old()).key();
                if (change.now().exists()) objects.put(key, change.now());
                else objects.remove(key);
                if (tell) for (var input : wiring.inputs()) hear(input, change);
            }
        }

        private <T extends Lens> void hear(ControllerWiring.Input<T> input, World.Change change) {
            if (!input.type().equals(type)) return;
            var read = input.type();
            queue.addAll(input.changes().keysOf(caches, read.read(change.old()), read.read(change.now())));
        }

        List<View> byIndex(String name, String key) {
            var keys = indexes.get(name);
            assertThat(keys).as("index %s of %s", name, type.plural()).isNotNull();
            return objects.values().stream()
                    .filter(object -> keys.apply(object).contains(key))
                    .toList();
        }

        /// @param last whether the greatest key is wanted, not the least
        View end(String name, String prefix, boolean last) {
            var keys = indexes.getOrDefault(name, object -> List.of());
            var found = new TreeMap<String, View>();
            for (var object : objects.values())
                for (var key : keys.apply(object)) if (key.startsWith(prefix)) found.put(key, object);
            if (found.isEmpty()) return View.ABSENT;
            return (last ? found.lastEntry() : found.firstEntry()).getValue();
        }
    }

    private record LateCache<T extends Lens>(Loop<?>.LateStore store, ResourceType<T> type) implements Cache<T> {
        @Override
        public T get(ObjectKey key) {
            return type.read(store.objects.getOrDefault(key, View.ABSENT));
        }

        @Override
        public Collection<T> all() {
            return store.objects.values().stream().map(type::read).toList();
        }

        @Override
        public List<T> byIndex(String name, String key) {
            return store.byIndex(name, key).stream().map(type::read).toList();
        }

        @Override
        public int count(String name, String key) {
            return store.byIndex(name, key).size();
        }

        @Override
        public T first(String name, String prefix) {
            return type.read(store.end(name, prefix, false));
        }

        @Override
        public T last(String name, String prefix) {
            return type.read(store.end(name, prefix, true));
        }

        @Override
        public Cache<T> indexedBy(String name, Function<T, Collection<String>> keys) {
            store.indexes.put(name, object -> keys.apply(type.read(object)));
            return this;
        }
    }
}
