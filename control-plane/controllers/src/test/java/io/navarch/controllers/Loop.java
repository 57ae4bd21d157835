package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Cache;
import io.navarch.client.Caches;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// One controller in a [World]: caches that each are somewhere in the log of changes, a queue, and what was written for
/// which key, as in [io.navarch.reconcile.ControllerRunner].
final class Loop<S> {
    private final World world;
    private final Controller<S> controller;
    private final List<ResourceType<View>> types;
    private Late caches;
    private final LinkedHashSet<ObjectKey> queue = new LinkedHashSet<>();
    private final Map<ObjectKey, Instant> later = new LinkedHashMap<>();
    private final Map<ObjectKey, Integer> written = new HashMap<>();

    Loop(World world, Controller<S> controller) {
        this.world = world;
        this.controller = controller;
        types = controller.inputs().stream()
                .map(Controller.Input::type)
                .distinct()
                .toList();
        restart();
    }

    /// Forgets everything, and begins with what there is.
    void restart() {
        queue.clear();
        later.clear();
        written.clear();
        caches = new Late();
        controller.prepare(caches);
        for (var type : types) caches.of(type).catchUp(world.log.size(), false);
        for (var input : controller.inputs())
            for (var object : caches.of(input.type()).all())
                queue.addAll(input.keys().of(caches, object));
    }

    /// A cache hears of some changes, or a key is worked on.
    void step() {
        if (world.random.nextInt(3) == 0) {
            var cache = caches.of(types.get(world.random.nextInt(types.size())));
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
        int seen = written.getOrDefault(key, 0);
        for (var type : types)
            if (caches.of(type).position < seen && caches.of(type).changedBefore(seen)) return;
        queue.remove(key);
        var observed = controller.observe(caches, key);
        if (observed == null) return;
        var decision = controller.decide(observed, world.now);
        assertThat(controller.decide(observed, world.now))
                .as("%s decides the same for the same", controller.name())
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(Function.class)
                .isEqualTo(decision);
        if (decision.lookAgain() != null)
            later.merge(key, world.now.plus(decision.lookAgain()), (a, b) -> a.isBefore(b) ? a : b);
        ApiException failure = null;
        try {
            for (var action : decision.actions()) {
                boolean refused = action instanceof Action.Create create && world.refused.contains(create.type());
                // What is only told is told to this process.
                boolean write = !(action instanceof Action.Emit || action instanceof Action.Measure);
                if (refused || write && world.random.nextDouble() < world.failures) {
                    if (action instanceof Action.Create create) fail(create);
                    throw new ApiException(ApiException.Reason.INTERNAL_ERROR, "the world fails");
                }
                world.execute(action);
                if (write) written.put(key, world.log.size());
            }
        } catch (ApiException e) {
            failure = e;
            queue.add(key);
        }
        controller.looked(observed, decision, Duration.ofMillis(3), failure).forEach(this::tell);
    }

    /// Nothing is told that was not declared.
    private void tell(Metric.Sample sample) {
        assertThat(controller.metrics()).contains(sample.metric());
        world.metrics.tell(sample);
    }

    private void fail(Action.Create create) {
        var refused = new ApiException(ApiException.Reason.FORBIDDEN, "the world forbids it");
        for (var action : create.otherwise().apply(refused)) world.execute(action);
    }

    /// Nothing to do, nothing to hear of, and nothing due within a while.
    boolean idle() {
        return queue.isEmpty()
                && types.stream()
                        .allMatch(type -> caches.of(type).position == world.log.size()
                                || !caches.of(type).changedBefore(Integer.MAX_VALUE))
                && later.values().stream().noneMatch(at -> at.isBefore(world.now.plusSeconds(100)));
    }

    void expectNothingToDo(String what) {
        for (var type : types) caches.of(type).catchUp(world.log.size(), false);
        for (var sample : controller.state(caches))
            assertThat(controller.metrics()).contains(sample.metric());
        var keys = new LinkedHashSet<ObjectKey>();
        for (var input : controller.inputs())
            for (var object : caches.of(input.type()).all())
                keys.addAll(input.keys().of(caches, object));
        for (var key : keys) {
            var observed = controller.observe(caches, key);
            if (observed == null) continue;
            assertThat(controller.decide(observed, world.now).actions().stream()
                            .filter(action -> !(action instanceof Action.Emit))
                            .toList())
                    .as("%s: %s has nothing to do for %s", what, controller.name(), key)
                    .isEmpty();
        }
    }

    private final class Late implements Caches {
        private final Map<ResourceType<View>, LateCache> all = new HashMap<>();

        @Override
        public LateCache of(ResourceType<View> type) {
            return all.computeIfAbsent(type, LateCache::new);
        }
    }

    private final class LateCache implements Cache<View> {
        private final ResourceType<View> type;
        private final Map<ObjectKey, View> objects = new TreeMap<>();
        private final Map<String, Function<View, Collection<String>>> indexes = new HashMap<>();
        private int position;

        LateCache(ResourceType<View> type) {
            this.type = type;
            indexes.put(CONTROLLER, Cache::controllerOf);
            indexes.put(NAMESPACE, Cache::namespaceOf);
        }

        boolean changedBefore(int end) {
            for (int i = position; i < Math.min(end, world.log.size()); i++)
                if (world.log.get(i).type().equals(type)) return true;
            return false;
        }

        void catchUp(int to, boolean tell) {
            for (; position < to; position++) {
                var change = world.log.get(position);
                if (!change.type().equals(type)) continue;
                var key = (change.now().exists() ? change.now() : change.old()).key();
                if (change.now().exists()) objects.put(key, change.now());
                else objects.remove(key);
                if (tell) hear(change);
            }
        }

        private void hear(World.Change change) {
            for (var input : controller.inputs()) {
                if (!input.type().equals(type)) continue;
                if (change.old().exists()) queue.addAll(input.keys().of(caches, change.old()));
                if (change.now().exists()) queue.addAll(input.keys().of(caches, change.now()));
            }
        }

        @Override
        public View get(ObjectKey key) {
            return objects.getOrDefault(key, View.of(null));
        }

        @Override
        public Collection<View> all() {
            return new ArrayList<>(objects.values());
        }

        @Override
        public List<View> byIndex(String name, String key) {
            var keys = indexes.get(name);
            assertThat(keys).as("index %s of %s", name, type.plural()).isNotNull();
            return objects.values().stream()
                    .filter(object -> keys.apply(object).contains(key))
                    .toList();
        }

        @Override
        public Cache indexedBy(String name, Function<View, Collection<String>> keys) {
            indexes.put(name, keys);
            return this;
        }
    }
}
