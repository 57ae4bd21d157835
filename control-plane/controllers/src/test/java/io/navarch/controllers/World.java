package io.navarch.controllers;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.AnyObject;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EventType;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.reconcile.ActionExecutor;
import io.navarch.reconcile.ApiWriter;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerRun;
import io.navarch.schema.patch.MergePatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/// A cluster in memory in which the real controllers run on caches that are late, with writes that fail and with
/// restarts, in an order that a seed decides: an API with versions, generations, finalizers and graceful deletion, a
/// log of changes, a node that runs pods, and a collector of what lost its owner.
final class World {
    record Change(ResourceType<?> type, View old, View now) {}

    final Random random;
    final List<Change> log = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final Metrics metrics = new Metrics();
    private final Map<ResourceType<?>, Map<ObjectKey, View>> objects = new LinkedHashMap<>();
    private final List<Loop<?>> loops = new ArrayList<>();
    private final List<Consumer<World>> invariants = new ArrayList<>();
    private Consumer<World> node = World::runPods;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /// How often a write fails.
    double failures = 0.05;
    /// How often a pod that runs ends, and how often that is a failure.
    double ends;

    double fails;
    /// Kinds that nobody may create any more, as with a quota that is used up.
    final Set<ResourceType<?>> refused = new HashSet<>();

    private int names;

    World(long seed, Controller<?>... controllers) {
        random = new Random(seed);
        for (var controller : controllers) with(ControllerRun.of(controller));
    }

    /// Another controller, with what completes its observations.
    World with(ControllerRun<?> run) {
        loops.add(new Loop<>(this, run));
        return this;
    }

    /// What must be so at every moment.
    World always(Consumer<World> invariant) {
        invariants.add(invariant);
        return this;
    }

    /// Another node agent than the one that runs pods and makes them ready.
    World withNode(Consumer<World> agent) {
        node = agent;
        return this;
    }

    // The API.

    <T extends Lens> List<T> all(ResourceType<T> type) {
        return objects.getOrDefault(type, Map.of()).values().stream()
                .map(type::read)
                .toList();
    }

    <T extends Lens> T get(ResourceType<T> type, String namespace, String name) {
        return type.read(view(type, new ObjectKey(namespace, name)));
    }

    private View view(ResourceType<?> type, ObjectKey key) {
        return objects.getOrDefault(type, Map.of()).getOrDefault(key, View.ABSENT);
    }

    private View require(ResourceType<?> type, ObjectKey key) {
        var found = view(type, key);
        if (!found.exists()) throw ApiException.notFound(type.plural(), type.group(), key.name());
        return found;
    }

    <T extends Lens> T create(ResourceType<T> type, Lens given) {
        return create(type, View.over(given).map());
    }

    <T extends Lens> T create(ResourceType<T> type, Map<String, Object> given) {
        var object = Trees.copy(given);
        object.putIfAbsent("apiVersion", type.apiVersion());
        object.putIfAbsent("kind", type.kind());
        var metadata = Trees.child(object, "metadata");
        if (metadata.get("name") == null) metadata.put("name", metadata.get("generateName") + "x" + names++);
        var key = View.of(object).key();
        if (view(type, key).exists()) throw ApiException.alreadyExists(type.plural(), type.group(), key.name());
        metadata.put("uid", "uid-" + names++);
        metadata.put("generation", 1L);
        metadata.put("creationTimestamp", Timestamps.seconds(now));
        if (type.equals(Resources.PODS)) Trees.putIfAbsent(object, "Pending", "status", "phase");
        store(type, View.ABSENT, object);
        return get(type, key.namespace(), key.name());
    }

    View update(ResourceType<?> type, Map<String, Object> given, String subresource) {
        var object = Trees.copy(given);
        var old = require(type, View.of(object).key());
        var version = View.of(object).resourceVersion();
        if (!version.isEmpty() && !version.equals(old.resourceVersion()))
            throw ApiException.conflict(type.plural(), type.group(), old.name(), "the object has been modified");
        if (!View.of(object).uid().equals(old.uid()))
            throw ApiException.conflict(type.plural(), type.group(), old.name(), "another object of that name");
        if (subresource.equals("status")) {
            var status = object.get("status");
            // Annotations are written with a status too.
            var annotations = View.of(object).metadata().get("annotations").value();
            object = Trees.copy(old.map());
            object.put("status", status);
            if (annotations != null) Trees.put(object, annotations, "metadata", "annotations");
        } else if (old.status().exists()) {
            if (!type.equals(Resources.NAMESPACES))
                object.put("status", Trees.copy(old.status().value()));
        }
        if (!Trees.semanticEquals(old.spec().value(), object.get("spec")))
            Trees.put(object, old.metadata().get("generation").longOr(0) + 1, "metadata", "generation");
        store(type, old, object);
        return view(type, old.key());
    }

    View patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch) {
        var old = require(type, key);
        var uid = View.of(patch).uid();
        if (!uid.isEmpty() && !uid.equals(old.uid()))
            throw ApiException.conflict(type.plural(), type.group(), key.name(), "another object of that name");
        var merged = MergePatch.apply(Trees.copy(old.map()), Trees.copy(patch));
        return update(type, merged, subresource);
    }

    /// A JSON merge patch of what there is.
    void change(ResourceType<?> type, Lens object, Object patch) {
        patch(type, View.over(object).key(), "", patch);
    }

    void change(ResourceType<?> type, Lens object, Lens patch) {
        change(type, object, View.over(patch).map());
    }

    void changeStatus(ResourceType<?> type, Lens object, Lens status) {
        changeStatus(type, object, View.over(status).map());
    }

    void changeStatus(ResourceType<?> type, Lens object, Map<String, Object> status) {
        patch(type, View.over(object).key(), "status", Trees.map("status", status));
    }

    void delete(ResourceType<?> type, Lens object) {
        delete(type, View.over(object).key(), View.over(object).uid(), null);
    }

    void delete(ResourceType<?> type, ObjectKey key, String uid, Long grace) {
        var old = require(type, key);
        if (!uid.isEmpty() && !uid.equals(old.uid()))
            throw ApiException.conflict(type.plural(), type.group(), key.name(), "another object of that name");
        var pod = Pod.of(old);
        boolean graceful = type.equals(Resources.PODS)
                && Pods.assigned(pod)
                && !Pods.ended(pod)
                && !Long.valueOf(0).equals(grace);
        if (!graceful && AnyObject.of(old).metadata().finalizers().isEmpty()) {
            remove(type, old);
            return;
        }
        if (old.deleting()) return;
        var object = Trees.copy(old.map());
        Trees.put(object, Timestamps.seconds(now), "metadata", "deletionTimestamp");
        store(type, old, object);
    }

    private void store(ResourceType<?> type, View old, Map<String, Object> object) {
        if (Trees.same(old.value(), object)) return;
        var stored = AnyObject.of(View.of(object));
        boolean runs = type.equals(Resources.PODS) && !Pods.ended(Pod.of(stored.view()));
        if (stored.deleting() && stored.metadata().finalizers().isEmpty() && !runs) {
            remove(type, old);
            return;
        }
        ObjectMeta.edit(Trees.child(object, "metadata")).resourceVersion(String.valueOf(log.size() + 1));
        objects.computeIfAbsent(type, key -> new TreeMap<>()).put(stored.key(), stored.view());
        log(new Change(type, old, stored.view()));
    }

    private void remove(ResourceType<?> type, View old) {
        objects.get(type).remove(old.key());
        log(new Change(type, old, View.ABSENT));
    }

    private void log(Change change) {
        log.add(change);
        for (var invariant : invariants) invariant.accept(this);
    }

    /// The API as controllers write to it: it fails now and then, and refuses what is forbidden.
    final class Writer implements ApiWriter {
        @Override
        public View create(ResourceType<?> type, Map<String, Object> object) {
            if (refused.contains(type)) throw new ApiException(ApiException.Reason.FORBIDDEN, "the world forbids it");
            fail();
            return World.this.create(type.untyped(), object);
        }

        @Override
        public View update(ResourceType<?> type, Map<String, Object> object, String subresource) {
            fail();
            return World.this.update(type, object, subresource);
        }

        @Override
        public View patch(ResourceType<?> type, ObjectKey key, String subresource, Object patch) {
            fail();
            return World.this.patch(type, key, subresource, patch);
        }

        /// Nobody else writes the fields that a controller applies: merging them says the same.
        @Override
        public View apply(ResourceType<?> type, Map<String, Object> object, String subresource, String manager) {
            fail();
            return World.this.patch(type, View.of(object).key(), subresource, object);
        }

        @Override
        public View delete(
                ResourceType<?> type, ObjectKey key, String uid, Optional<Long> graceSeconds, String propagation) {
            fail();
            Assertions.assertThat(uid).as("a deletion names whom it means").isNotEmpty();
            World.this.delete(type, key, uid, graceSeconds.orElse(null));
            return World.this.view(type, key);
        }

        @Override
        public void deleteCollection(ResourceType<?> type, String namespace) {
            fail();
            for (var object : all(type.untyped())) {
                if (object.namespace().equals(namespace)) World.this.delete(type, object);
            }
        }

        private void fail() {
            if (random.nextDouble() < failures)
                throw new ApiException(ApiException.Reason.INTERNAL_ERROR, "the world fails");
        }
    }

    /// An executor of actions, one after the other in the calling thread, so that a seed decides everything.
    ActionExecutor executor(Set<ResourceType<?>> followed, Consumer<Metric.Sample> recorded) {
        return new ActionExecutor(new Writer(), this::tell, recorded, followed, DirectExecutor::new);
    }

    private void tell(View about, EventType type, String reason, String message) {
        events.add(reason + ": " + message);
    }

    // What happens by itself.

    /// One thing happens: somebody looks and acts, a cache hears of something, a pod goes on, time passes.
    void step() {
        now = now.plusMillis(200 + random.nextInt(1800));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> node.accept(this);
            case 3 -> collect();
            case 4 -> {
                if (failures > 0 && random.nextInt(60) == 0)
                    loops.get(random.nextInt(loops.size())).restart();
            }
            default -> loops.get(random.nextInt(loops.size())).step();
        }
    }

    void steps(int count) {
        for (int i = 0; i < count; i++) step();
    }

    /// Runs without failures until nobody has anything to do, and checks that a fresh look changes nothing.
    void settle(String what) {
        double before = failures;
        failures = 0;
        for (int i = 0; i < 100_000 && !quiet(); i++) step();
        Assertions.assertThat(quiet())
                .as("%s settles; last changes %s", what, lastChanges())
                .isTrue();
        for (var loop : loops) loop.expectNothingToDo(what);
        failures = before;
    }

    private List<String> lastChanges() {
        return log.subList(Math.max(0, log.size() - 12), log.size()).stream()
                .map(change -> change.type().plural() + " "
                        + (change.now().exists() ? change.now() : change.old()).name()
                        + (change.now().exists() ? " " + change.now().status().value() : " gone"))
                .toList();
    }

    private boolean quiet() {
        return loops.stream().allMatch(Loop::idle)
                && all(Resources.PODS).stream().noneMatch(World::busy)
                && orphans().isEmpty();
    }

    private static boolean busy(Pod pod) {
        if (pod.deleting()) return !Pods.ended(pod);
        return !Pods.ended(pod) && !Pods.ready(pod) && !pod.labels().containsKey("stuck");
    }

    /// A pod starts, becomes ready, ends, or goes.
    private void runPods() {
        var pods = all(Resources.PODS).stream().filter(pod -> !Pods.ended(pod)).toList();
        if (pods.isEmpty()) return;
        var pod = pods.get(random.nextInt(pods.size()));
        if (pod.deleting()) end(pod, PodPhase.FAILED);
        else if (pod.labels().containsKey("stuck")) return;
        else if (!Pods.assigned(pod)) assign(pod, "node-" + random.nextInt(3));
        else if (!Pods.ready(pod)) ready(pod);
        else if (random.nextDouble() < ends)
            end(pod, random.nextDouble() < fails ? PodPhase.FAILED : PodPhase.SUCCEEDED);
    }

    void assign(Pod pod, String node) {
        change(
                Resources.PODS,
                pod,
                Pod.builder().spec(spec -> spec.nodeName(node)).build());
    }

    void ready(Pod pod) {
        var status = PodStatus.builder().phase(PodPhase.RUNNING).startTime(now);
        changeStatus(
                Resources.PODS,
                pod,
                status.addConditions(ready(ConditionStatus.TRUE)).build());
    }

    private PodCondition ready(ConditionStatus status) {
        return PodCondition.builder()
                .type(PodConditionType.READY)
                .status(status)
                .lastTransitionTime(now)
                .build();
    }

    void end(Pod pod, PodPhase phase) {
        int exitCode = phase == PodPhase.FAILED ? 1 : 0;
        var status = PodStatus.builder()
                .phase(phase)
                .addConditions(ready(ConditionStatus.FALSE))
                .addContainerStatuses(container -> container
                        .name("c")
                        .state(state -> state.terminated(
                                ended -> ended.exitCode(exitCode).finishedAt(now))));
        changeStatus(Resources.PODS, pod, status.build());
    }

    private List<Change> orphans() {
        var uids = new HashSet<String>();
        for (var table : objects.values()) table.values().forEach(object -> uids.add(object.uid()));
        var result = new ArrayList<Change>();
        objects.forEach((type, table) -> table.values().forEach(object -> {
            var owner = AnyObject.of(object).controller();
            if (owner.exists() && !uids.contains(owner.uid()) && !object.deleting())
                result.add(new Change(type, View.ABSENT, object));
        }));
        return result;
    }

    private void collect() {
        for (var orphan : orphans()) {
            if (random.nextBoolean()) delete(orphan.type(), orphan.now());
        }
    }

    void pass(Duration time) {
        now = now.plus(time);
    }
}
